//! The race: everybody taps at once, and afterwards every answer is held against the database.

use std::{collections::BTreeMap, time::Duration};

use ::entity::{
    claim::{self, ClaimState},
    task,
};
use anyhow::ensure;
use futures_util::future::try_join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    kernel::clock::Stopwatch,
    stage::{Actor, Stage, id},
};

/// Somebody who got a place.
pub struct Winner {
    pub name: String,
    pub claim: String,
}

/// What came of it.
pub struct Race {
    pub winners: Vec<Winner>,
    /// Refusals by code, with the words they came with.
    pub refusals: BTreeMap<String, (String, usize)>,
    /// How long each tap took, sorted.
    pub latencies: Vec<Duration>,
    /// Seats held beyond those there are, as counted in the database.
    pub over_booked: usize,
}

impl Race {
    /// Everybody taps 接单 at the same moment.
    ///
    /// # Errors
    /// When the line breaks.
    pub async fn run(members: &[Actor], task: &str) -> anyhow::Result<Self> {
        let taps = members.iter().map(async |who| {
            let watch = Stopwatch::start();
            let reply = who.tap_patiently(task).await?;
            anyhow::Ok((who.name.clone(), reply, watch.elapsed()))
        });
        let mut race = Self {
            winners: Vec::new(),
            refusals: BTreeMap::new(),
            latencies: Vec::new(),
            over_booked: 0,
        };
        for (name, reply, took) in try_join_all(taps).await? {
            race.latencies.push(took);
            if reply.is_success() {
                race.winners.push(Winner { name, claim: id(&reply.body) });
            } else {
                let words = reply.body["detail"].as_str().unwrap_or_default().to_owned();
                let told = race.refusals.entry(reply.code().to_owned()).or_insert((words, 0));
                told.1 += 1;
            }
        }
        race.latencies.sort_unstable();
        Ok(race)
    }

    pub fn refused(&self) -> usize {
        self.refusals.values().map(|(_, n)| n).sum()
    }

    /// The tap slower than that share of all taps.
    pub fn percentile(&self, share: f64) -> Duration {
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )]
        let at = (self.latencies.len().saturating_sub(1) as f64 * share) as usize;
        self.latencies.get(at).copied().unwrap_or_default()
    }

    /// Holds every answer against what is stored.
    ///
    /// # Errors
    /// Names the promise that was broken.
    pub async fn check(&mut self, stage: &Stage, task: &str, places: usize) -> anyhow::Result<()> {
        let (id, db): (Uuid, _) = (task.parse()?, stage.state.db.read());
        let claims = claim::Entity::find().filter(claim::Column::TaskId.eq(id)).all(db).await?;
        let seats = claims.iter().filter(|c| c.state == ClaimState::Active).count();
        let row = task::Entity::find_by_id(id).one(db).await?;
        let counted = row.map_or(-1, |row| i64::from(row.used));
        self.over_booked = seats.saturating_sub(places);
        ensure!(self.over_booked == 0, "over-booked: {seats} on {places}");
        ensure!(i64::try_from(seats)? == counted, "the counter says {counted}, the claims {seats}");
        ensure!(seats == self.winners.len(), "{} were told yes, {seats} sit", self.winners.len());
        ensure!(self.winners.len() == places, "{} of {places} places given", self.winners.len());
        for winner in &self.winners {
            let known = claims.iter().any(|claim| claim.id.to_string() == winner.claim);
            ensure!(known, "{} was told yes and has no seat", winner.name);
        }
        ensure!(
            self.refusals.keys().all(|code| code == "task_full"),
            "refused for another reason than the truth: {:?}",
            self.refusals
        );
        Ok(())
    }
}
