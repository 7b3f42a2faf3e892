//! What a resident fills in, and the bounds of it.

use std::time::Duration;

use entity::At;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    identity::people,
    platform::http::{input::readable, problem::FieldFault},
};

use super::category::Reply;

/// Where help is needed. Coordinates are GCJ-02, as WeChat gives them.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = whole_point))]
pub struct PlaceForm {
    /// 地点名，例如「文化小区」
    #[validate(length(min = 1, max = 60), custom(function = readable))]
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    #[schema(minimum = 3.0, maximum = 54.0)]
    #[validate(range(min = 3.0, max = 54.0))]
    pub lat: Option<f64>,
    #[schema(minimum = 73.0, maximum = 136.0)]
    #[validate(range(min = 73.0, max = 136.0))]
    pub lng: Option<f64>,
    /// 详细地址，接单后才给志愿者看
    #[validate(length(min = 1, max = 120), custom(function = readable))]
    #[schema(min_length = 1, max_length = 120)]
    pub address: Option<String>,
}

/// Half a point is no place on a map.
fn whole_point(place: &PlaceForm) -> Result<(), ValidationError> {
    let whole = place.lat.is_some() == place.lng.is_some();
    if whole { Ok(()) } else { Err(ValidationError::new("point")) }
}

/// What a resident asks for.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestForm {
    /// The community (or street) asked.
    pub org_id: Uuid,
    /// 类别，例如「助老」「维修」
    #[validate(length(min = 1, max = 20), custom(function = readable))]
    #[schema(min_length = 1, max_length = 20)]
    pub category: String,
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    #[schema(min_length = 2, max_length = 40)]
    pub title: String,
    #[validate(length(min = 2, max = 2000), custom(function = readable))]
    #[schema(min_length = 2, max_length = 2000)]
    pub detail: String,
    #[validate(nested)]
    pub place: Option<PlaceForm>,
    pub wanted_from: Option<At>,
    pub wanted_to: Option<At>,
    #[serde(default)]
    pub urgent: bool,
    /// 对类别所问的回答；必答的不能少
    #[serde(default)]
    #[validate(length(max = 2), nested)]
    #[schema(max_items = 2)]
    pub answers: Vec<Reply>,
    /// 上传好的照片，最多九张
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    pub photo_ids: Vec<Uuid>,
    /// 替别人点单
    #[validate(nested)]
    pub on_behalf_of: Option<OnBehalf>,
}

/// For whom one asks, and that they agreed to it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnBehalf {
    #[validate(length(min = 1, max = 20), custom(function = readable))]
    #[schema(min_length = 1, max_length = 20)]
    pub name: String,
    /// 11 位手机号
    #[validate(custom(function = mobile))]
    #[schema(min_length = 11, max_length = 11)]
    pub phone: String,
    /// 对方怎样同意的，例如「本人电话里同意」
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub consent: String,
}

fn mobile(phone: &str) -> Result<(), ValidationError> {
    if people::is_mobile(phone) { Ok(()) } else { Err(ValidationError::new("phone")) }
}

/// What may be mended; absent fields stay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    #[schema(min_length = 2, max_length = 40)]
    pub title: Option<String>,
    #[validate(length(min = 2, max = 2000), custom(function = readable))]
    #[schema(min_length = 2, max_length = 2000)]
    pub detail: Option<String>,
    #[validate(nested)]
    pub place: Option<PlaceForm>,
    pub wanted_from: Option<At>,
    pub wanted_to: Option<At>,
    pub urgent: Option<bool>,
    #[validate(length(max = 2), nested)]
    #[schema(max_items = 2)]
    pub answers: Option<Vec<Reply>>,
    /// 换上这些照片，最多九张
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    pub photo_ids: Option<Vec<Uuid>>,
}

/// A fault of one field, in both languages.
pub(super) fn fault(
    field: &str,
    code: &'static str,
    zh: impl Into<String>,
    en: &str,
) -> FieldFault {
    FieldFault { field: field.into(), code, zh: zh.into(), en: en.into() }
}

/// A wanted time lies ahead, and its end after its start.
///
/// # Errors
/// The fault of `wanted_from` or `wanted_to`.
pub(super) fn check_times(from: Option<At>, to: Option<At>, now: At) -> Result<(), FieldFault> {
    let year = now.plus(Duration::from_secs(366 * 24 * 3600));
    let past = |at: Option<At>| at.is_some_and(|at| at < now);
    if past(from) {
        return Err(fault("wanted_from", "time", "希望的时间已经过去了", "This time has passed"));
    }
    if past(to) {
        return Err(fault("wanted_to", "time", "希望的时间已经过去了", "This time has passed"));
    }
    let far = |at: Option<At>| at.is_some_and(|at| at > year);
    if far(from) || far(to) {
        let field = if far(from) { "wanted_from" } else { "wanted_to" };
        let zh = "希望的时间太远了，请选一年以内";
        return Err(fault(field, "time", zh, "Within a year, please"));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        return Err(fault(
            "wanted_to",
            "time",
            "结束时间要晚于开始时间",
            "The end must be after the start",
        ));
    }
    Ok(())
}
