//! The file store: names in, bytes in, bytes out. A folder of this machine, or a bucket of an S3-compatible service
//! (Aliyun OSS, Tencent COS, MinIO …). Several replicas need the bucket, or a folder they share.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use bytes::Bytes;
use object_store::{
    BackoffConfig, ClientOptions, Error as StoreError, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
};
use serde::Deserialize;

use crate::kernel::{Error, Trouble};

const CONNECT: Duration = Duration::from_secs(3);
const TOTAL: Duration = Duration::from_secs(8);

/// Where files rest, and how much of them is taken.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSettings {
    pub store: String,
    pub endpoint: String,
    pub region: String,
    pub key_id: String,
    pub secret: String,
    pub virtual_hosted: bool,
    pub max_bytes: usize,
    pub max_megapixels: u32,
    pub per_day: u64,
    pub upload_seconds: u64,
}

impl fmt::Debug for FileSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileSettings({})", self.store)
    }
}

/// What `files.store` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    Bucket(String),
}

impl FileSettings {
    /// What is wrong with them, each beginning with its key.
    pub fn faults(&self) -> Vec<String> {
        let place = self.place();
        let bucket = matches!(place, Ok(Place::Bucket(_)));
        let checks = [
            (place.is_ok(), "files.store: expected file://folder or s3://bucket"),
            (
                !bucket || !(self.key_id.is_empty() || self.secret.is_empty()),
                "files.key_id, files.secret: a bucket asks for both",
            ),
            (!bucket || !self.region.is_empty(), "files.region is not set"),
            (
                (100_000..=32 << 20).contains(&self.max_bytes),
                "files.max_bytes: expected 100000 to 33554432",
            ),
            ((1..=200).contains(&self.max_megapixels), "files.max_megapixels: expected 1 to 200"),
            ((1..=10_000).contains(&self.per_day), "files.per_day: expected 1 to 10000"),
            ((5..=600).contains(&self.upload_seconds), "files.upload_seconds: expected 5 to 600"),
        ];
        checks.iter().filter(|(good, _)| !good).map(|(_, fault)| (*fault).to_owned()).collect()
    }

    /// The folder or bucket, or what is wrong in words for an operator.
    ///
    /// # Errors
    /// When it is empty or of no kind we know.
    pub fn place(&self) -> Result<Place, &'static str> {
        match self.store.split_once("://") {
            Some(("file", folder)) if !folder.is_empty() => Ok(Place::Folder(folder.into())),
            Some(("s3", bucket)) if !bucket.is_empty() && !bucket.contains('/') => {
                Ok(Place::Bucket(bucket.to_owned()))
            }
            _ => Err("expected file://folder or s3://bucket"),
        }
    }
}

/// The store, open. Nothing is read or written before it is asked.
#[derive(Clone, Debug)]
pub struct Vault {
    store: Arc<dyn ObjectStore>,
    root: Path,
}

impl Vault {
    /// # Errors
    /// When the place cannot be understood.
    pub fn new(settings: &FileSettings) -> anyhow::Result<Self> {
        match settings.place().map_err(anyhow::Error::msg)? {
            Place::Folder(folder) => {
                let folder = std::path::absolute(folder).context("find the folder")?;
                // Folders below are made with the first file in them.
                Ok(Self {
                    store: Arc::new(LocalFileSystem::new()),
                    root: Path::from_absolute_path(folder)?,
                })
            }
            Place::Bucket(bucket) => {
                Ok(Self { store: Arc::new(s3(settings, &bucket)?), root: Path::default() })
            }
        }
    }

    fn path(&self, name: &str) -> Path {
        name.split('/').fold(self.root.clone(), |path, part| path.join(part))
    }

    /// Stores the bytes under a name, over what was there.
    ///
    /// # Errors
    /// `Busy` when the store does not answer.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
        let put = self.store.put(&self.path(name), bytes.into()).await;
        put.map(drop).map_err(trouble("store a file"))
    }

    /// The bytes under a name; None where there are none.
    ///
    /// # Errors
    /// `Busy` when the store does not answer.
    pub async fn get(&self, name: &str) -> Result<Option<Bytes>, Error> {
        let found = match self.store.get(&self.path(name)).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        match found {
            Ok(bytes) => Ok(Some(bytes)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(trouble("read a file")(error)),
        }
    }

    /// Takes away what is under a name; what is not there is away.
    ///
    /// # Errors
    /// `Busy` when the store does not answer.
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        match self.store.delete(&self.path(name)).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(trouble("take a file away")(error)),
        }
    }
}

fn s3(settings: &FileSettings, bucket: &str) -> anyhow::Result<impl ObjectStore> {
    // As in `wechat`: `main` did it, a test may not have.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let plain = settings.endpoint.starts_with("http://");
    let client = ClientOptions::new()
        .with_connect_timeout(CONNECT)
        .with_timeout(TOTAL)
        .with_allow_http(plain);
    let patience = RetryConfig {
        max_retries: 2,
        retry_timeout: TOTAL,
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(1),
            base: 2.,
        },
    };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(&settings.region)
        .with_access_key_id(&settings.key_id)
        .with_secret_access_key(&settings.secret)
        .with_virtual_hosted_style_request(settings.virtual_hosted)
        // One object at a time: not every compatible service takes lists.
        .with_disable_bulk_delete(true)
        .with_client_options(client)
        .with_retry(patience);
    if !settings.endpoint.is_empty() {
        builder = builder.with_endpoint(&settings.endpoint);
    }
    builder.build().context("set the file store up")
}

fn trouble(step: &'static str) -> impl FnOnce(StoreError) -> Error {
    move |cause| Error { step, trouble: Trouble::Busy, cause: cause.into() }
}

#[cfg(test)]
mod tests {
    use crate::platform::config::Settings;

    use super::*;

    fn at(store: &str) -> FileSettings {
        Settings::load("test", None, &[("files.store", store.to_owned())]).unwrap().files
    }

    #[test]
    fn a_store_is_a_folder_or_a_bucket() {
        assert_eq!(at("file://var/files").place(), Ok(Place::Folder("var/files".into())));
        assert_eq!(at("s3://linli").place(), Ok(Place::Bucket("linli".into())));
        for odd in ["", "var/files", "file://", "s3://", "s3://linli/x", "ftp://x"] {
            assert!(at(odd).place().is_err(), "{odd}");
        }
        assert!(!format!("{:?}", at("s3://linli")).contains("secret"));
    }

    #[tokio::test]
    async fn a_folder_keeps_what_it_is_given_until_it_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::new(&at(&format!("file://{}/照 片", folder.path().display()))).unwrap();
        assert_eq!(vault.get("ab/one.jpg").await.unwrap(), None);
        vault.put("ab/one.jpg", b"one".to_vec()).await.unwrap();
        assert_eq!(vault.get("ab/one.jpg").await.unwrap().unwrap(), "one");
        assert!(folder.path().join("照 片/ab/one.jpg").is_file());
        vault.delete("ab/one.jpg").await.unwrap();
        vault.delete("ab/one.jpg").await.unwrap();
        assert_eq!(vault.get("ab/one.jpg").await.unwrap(), None);
    }
}
