//! What can be ranked, and over which month.

use entity::At;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::Day;

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// 服务时长，分钟
    #[default]
    Hours,
    /// 积分
    Points,
    /// 完成的接单
    Claims,
}

/// Who is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RankLevel {
    /// 个人
    #[default]
    Person,
    /// 党支部、党小组
    Team,
}

/// A month in Shanghai.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Period(String);

impl Period {
    /// `2026-11`
    pub(super) fn parse(text: &str) -> Option<Self> {
        let whole = text.len() == 7 && format!("{text}-01").parse::<Day>().is_ok();
        whole.then(|| Self(text.to_owned()))
    }

    /// The month an instant falls in.
    pub(super) fn of(at: At) -> Self {
        Self(Day::of(at).to_string()[..7].to_owned())
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_in_one_way() {
        assert_eq!(Period::parse("2026-11").unwrap().text(), "2026-11");
        for bad in ["2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "", "2026-11' OR 1=1"] {
            assert_eq!(Period::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_month_ends_at_midnight_in_shanghai() {
        let last = At(1_796_054_399_999);
        assert_eq!(Day::of(last).end(), At(last.ms() + 1));
        assert_eq!(Period::of(last).text(), "2026-11");
        assert_eq!(Period::of(At(last.ms() + 1)).text(), "2026-12");
    }
}
