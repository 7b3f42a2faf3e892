//! The file of a form, taken in as it streams and no further than it may be long.

use actix_multipart::Multipart;
use futures_util::TryStreamExt;

use crate::platform::http::{Problem, problem::TOO_LARGE};

/// Bytes of a roster, at most.
const FILE_MAX: usize = 8 << 20;

/// The part called `file`.
///
/// # Errors
/// A problem that names `file`, or `body.too_large`.
pub(super) async fn file(mut form: Multipart) -> Result<Vec<u8>, Problem> {
    let part = form.try_next().await.map_err(|_| unread())?;
    let zh = "请选择文件，放在表单的 file 里";
    let none = || Problem::field("file", "required", zh, "A file is required, in `file`");
    let mut part = part.filter(|part| part.name() == Some("file")).ok_or_else(none)?;
    match part.bytes(FILE_MAX).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(_)) => Err(unread()),
        Err(_) => Err(TOO_LARGE.into()),
    }
}

fn unread() -> Problem {
    let zh = "请用 multipart/form-data 上传，文件放在 file 里";
    Problem::field("file", "type", zh, "Upload as multipart/form-data with the file in `file`")
}
