//! 任务 · work with slots, a place, a time window and an audience.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// Where a task is. Full and in progress are derived, never stored.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// 草稿
    Draft,
    /// 开放接单
    Open,
    /// 已上报
    Reported,
    /// 已确认
    Confirmed,
    /// 已取消
    Cancelled,
}

/// How far a task is put, from the narrowest.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Ring {
    /// 指定的人或服务队
    Named,
    /// 支部
    Branch,
    /// 社区、单位
    Community,
    /// 街道
    Street,
    /// 区
    District,
}

/// Skills a task asks for.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult, ToSchema,
)]
pub struct Skills(pub Vec<String>);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    /// None: the org's own plan.
    pub request_id: Option<Uuid>,
    /// Whose safety rules it keeps to: the request's, also for a copy made later.
    pub category_id: Option<Uuid>,
    pub title: String,
    /// For those who claim: what to bring, where to meet.
    pub notes: Option<String>,
    pub place_name: Option<String>,
    pub address: Option<Sealed>,
    /// GCJ-02, degrees.
    pub lat: Option<f64>,
    /// GCJ-02, degrees.
    pub lng: Option<f64>,
    pub slots: i32,
    /// Seats held by claims.
    pub used: i32,
    /// Seats kept for live offers.
    pub held: i32,
    /// Seats kept for people who serve for the first time.
    pub keep_new: i32,
    /// 1 while a seat is kept for somebody experienced.
    pub keep_lead: i32,
    /// Then what is kept is for all; None: nothing is kept.
    pub keep_until: Option<At>,
    /// People sign up until then and chance decides; None: who comes first.
    pub draw_at: Option<At>,
    pub drawn_at: Option<At>,
    /// What decides, hidden until it is drawn.
    pub draw_seed: Option<Sealed>,
    /// SHA-256 of the seed, hexadecimal.
    pub draw_commitment: Option<String>,
    /// SHA-256 of who had signed up, hexadecimal.
    pub draw_digest: Option<String>,
    /// Moves with every update of this row.
    pub ver: i64,
    /// Counts edits of what is written; `PUT` compares it.
    pub rev: i64,
    pub state: TaskState,
    pub starts_at: At,
    pub ends_at: At,
    /// Nobody can claim before.
    pub opens_at: At,
    pub claim_until: At,
    /// A claimant may release until then.
    pub leave_until: At,
    /// Its times were moved: claimants say by then whether they still come.
    pub reconfirm_by: Option<At>,
    /// When the office was told that too few had claimed.
    pub short_at: Option<At>,
    pub lead_id: Option<Uuid>,
    pub min_turnout: Option<i32>,
    /// Planned base points.
    pub points: i32,
    /// All of them are needed.
    pub skills: Skills,
    /// Whose pool it sits in: claimants belong to this org or below.
    pub ring_org_id: Uuid,
    /// Registered volunteers may claim too, not members alone.
    pub volunteers: bool,
    /// Only people the office named see it and may claim.
    pub named: bool,
    /// How far it is put now, where it began, and how far it goes by itself.
    pub ring: Ring,
    pub first_ring: Ring,
    pub last_ring: Ring,
    /// Moves when it is put further, and when the office is asked to call.
    pub level: i32,
    /// When the house next looks whether it fills; None: never.
    pub escalate_at: Option<At>,
    /// How many waves of people were asked.
    pub wave: i32,
    /// When the next wave is due, should seats be free; None: never.
    pub wave_at: Option<At>,
    /// Shown at the place by office or lead; proves presence.
    pub check_in_code: String,
    pub report: Option<String>,
    pub reported_by: Option<Uuid>,
    pub reported_at: Option<At>,
    pub confirmed_at: Option<At>,
    /// Why cancelled.
    pub reason: Option<String>,
    pub created_by: Uuid,
    pub created_at: At,
    pub updated_at: At,
}

impl Model {
    /// Seats that not everybody can have: used, held for offers, kept.
    pub fn taken(&self) -> i32 {
        self.used + self.held + self.keep_new + self.keep_lead
    }

    /// Nobody has a seat before it is drawn who has it.
    pub fn awaits_draw(&self) -> bool {
        self.draw_at.is_some() && self.drawn_at.is_none()
    }
}

impl ActiveModelBehavior for ActiveModel {}
