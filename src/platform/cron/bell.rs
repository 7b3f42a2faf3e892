//! The bell: tokio-cron-scheduler, ringing in every replica at each job's times. It decides nothing; a ring that is
//! lost, late or doubled changes nothing, since a round also comes by itself.

use std::{collections::BTreeSet, fmt, sync::Arc};

use chrono_tz::Asia::Shanghai;
use tokio::sync::Notify;
use tokio_cron_scheduler::{Job as Ring, JobScheduler, JobSchedulerError};

use super::{Job, When};

/// What is planned by rows is rung for as each minute begins.
const EACH_MINUTE: &str = "0 * * * * *";

/// A bell that hangs.
pub struct Bell(JobScheduler);

impl fmt::Debug for Bell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bell")
    }
}

impl Bell {
    /// Hangs it over a timetable.
    ///
    /// # Errors
    /// When a line cannot be read or the scheduler does not start.
    pub async fn hang(jobs: &[Job], rung: &Arc<Notify>) -> Result<Self, JobSchedulerError> {
        let scheduler = JobScheduler::new().await?;
        let lines: BTreeSet<_> = jobs
            .iter()
            .map(|job| match job.when {
                When::Cron(spec) => spec,
                When::Planned(_) => EACH_MINUTE,
            })
            .collect();
        for line in lines {
            let rung = rung.clone();
            let ring = Ring::new_async_tz(line, Shanghai, move |_, _| {
                let rung = rung.clone();
                Box::pin(async move { rung.notify_one() })
            })?;
            scheduler.add(ring).await?;
        }
        scheduler.start().await?;
        Ok(Self(scheduler))
    }

    /// Takes it down.
    pub async fn take_down(mut self) {
        if let Err(error) = self.0.shutdown().await {
            tracing::warn!(%error, "the bell did not come down cleanly");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::platform::cron::Chunk;

    #[tokio::test(flavor = "multi_thread")]
    async fn it_rings_when_a_line_is_due() {
        let job = Job {
            key: "each.second",
            when: When::Cron("* * * * * *"),
            words: "每秒",
            catch_up: Duration::from_secs(1),
            chunk: |_, _, _, _| Box::pin(async { Ok(Chunk::default()) }),
        };
        let rung = Arc::new(Notify::new());
        let bell = Bell::hang(&[job], &rung).await.unwrap();
        for _ in 0..2 {
            tokio::time::timeout(Duration::from_secs(10), rung.notified()).await.unwrap();
        }
        bell.take_down().await;
    }
}
