//! 设置: the values an org may set for itself and its subtree, and which of them are in force where.
//!
//! A new one: add it to the list below with its unit, default and bounds, and in Chinese what it means and the rule
//! it follows. It is then stored, inherited, shown and changed like the others.
//!
//! 减负: what asks people for more than the work itself is a switch that is off until an org turns it on. An org may
//! also forbid one (`Switch`): it is then off there and everywhere below, whatever was set.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{identity::upward, kernel::Error};

use super::declare::settings;

settings! {
    /// By when the office promises a first answer: hours from posting, 1 to 240; 24 by default (首接负责制).
    promise_first_hours: i32 = 24, 1 to 240
        => "收到需求后多少小时内给第一次答复", "首接负责制：首位受理人负责到底";
    /// By when it promises to have it done: working days after the day of posting, 1 to 90; 7 by default (服务承诺).
    promise_done_days: i32 = 7, 1 to 90
        => "收到需求后多少个工作日内办结", "服务承诺制：办理时限公开承诺";
    /// At which hour owners hear what is past its promise: half past it in Asia/Shanghai, 6 to 21; 9 by default.
    overdue_hour: i32 = 9, 6 to 21
        => "每天几点半把超过承诺时限的需求汇总给负责人", "首接负责制：一天一条，不按件催";
    /// How long it waits for a resident's answer before silence closes a request: days from the report, 1 to 60;
    /// 7 by default (群众评价). Such a request is shown as unconfirmed.
    silence_closes_days: i32 = 7, 1 to 60
        => "上报后多少天没有收到评价就先行办结", "群众评价：先行办结的如实标注，没办好随时重新办理";
    /// Claims one person may hold open at a time, 1 to 50; 5 by default (a seat is for who can come).
    open_claims_max: i32 = 5, 1 to 50
        => "一个人手上最多同时有几个任务", "名额留给能来的人";
    /// Claims one person may hold on one day in Asia/Shanghai, 1 to 20; 3 by default (减负).
    daily_claims_max: i32 = 3, 1 to 20
        => "一个人一天最多接几个任务", "基层减负：志愿服务量力而行，不下指标";
    /// Claims one person may hold in one week in Asia/Shanghai, Monday to Sunday, 1 to 70; 10 by default (减负).
    weekly_claims_max: i32 = 10, 1 to 70
        => "一个人一周（周一到周日）最多接几个任务", "基层减负：志愿服务量力而行，不下指标";
    /// Hours of rest between the end of one task and the start of another on a later day, 0 to 24; 8 by default (减负).
    rest_hours: i32 = 8, 0 to 24
        => "隔天的两个任务之间至少休息几小时", "基层减负：志愿服务量力而行";
    /// Minutes a seat that came free is kept for the next one waiting, 5 to 720; 30 by default, fewer when claiming ends soon.
    waitlist_offer_minutes: i32 = 30, 5 to 720
        => "空出的名额给候补的人留多少分钟", "先到先得，名额留给能来的人";
    /// Hours a colleague has to take over a seat somebody hands them, 1 to 72; 12 by default, at most until claiming ends.
    hand_over_hours: i32 = 12, 1 to 72
        => "转交名额时给对方多少小时回复", "名额留给能来的人";
    /// Minutes kept free between two claims of one person, for the way; 0 to 240, 30 by default.
    travel_buffer_minutes: i32 = 30, 0 to 240
        => "两个任务之间给路上留多少分钟", "不安排赶不及的任务";
    /// Whether residents who registered as volunteers may claim besides members; yes by default (群众参与).
    volunteers_may_claim: bool = true
        => "登记为志愿者的居民能不能接单", "党员先锋、群众参与";
    /// Whether the house asks people by itself, a few at a time, while seats are free; yes by default (减负).
    waves_enabled: bool = true
        => "任务缺人时，一批一批地请最合适的人，不群发", "基层减负：谁都能看到任务，只打扰最少的人；刚问过的先不问";
    /// Whether service earns points; off by default.
    points_enabled: bool = false
        => "启用积分", "《关于防治“指尖上的形式主义”的若干意见》（2023）：不得强制使用，不搞积分排名";
    /// Points of half a year for one star, 0 to 10000; 10 by default (星级评定, where points are switched on).
    star_1_points: i32 = 10, 0 to 10_000
        => "半年积分到多少评一星", "党员积分管理：星级由各组织约定，只用于激励，不作考核";
    /// Points of half a year for two stars, 0 to 10000; 30 by default.
    star_2_points: i32 = 30, 0 to 10_000
        => "半年积分到多少评二星", "党员积分管理：星级由各组织约定，只用于激励，不作考核";
    /// Points of half a year for three stars, 0 to 10000; 60 by default.
    star_3_points: i32 = 60, 0 to 10_000
        => "半年积分到多少评三星", "党员积分管理：星级由各组织约定，只用于激励，不作考核";
    /// Points of half a year for four stars, 0 to 10000; 100 by default.
    star_4_points: i32 = 100, 0 to 10_000
        => "半年积分到多少评四星", "党员积分管理：星级由各组织约定，只用于激励，不作考核";
    /// Points of half a year for five stars, 0 to 10000; 150 by default.
    star_5_points: i32 = 150, 0 to 10_000
        => "半年积分到多少评五星", "党员积分管理：星级由各组织约定，只用于激励，不作考核";
    /// For how many days after the rating a member may ask for another look, 1 to 90; 15 by default.
    star_appeal_days: i32 = 15, 1 to 90
        => "星级公布后多少天内可以申诉", "有异议可以申诉，由另一个人复核";
    /// Whether rankings of people are shown; off by default.
    ranking_enabled: bool = false
        => "显示排行榜", "《关于防治“指尖上的形式主义”的若干意见》（2023）：不得以排名通报代替实际工作";
    /// Whether check-in asks where the phone is; off by default, the code on the poster is enough.
    check_in_by_place: bool = false
        => "签到核对位置", "《个人信息保护法》第六条：只收集最少的信息；2023 年《若干意见》：不得强制打卡";
    /// Whether a report needs photos; off by default.
    photos_required: bool = false
        => "上报结果必须附照片", "2023 年《若干意见》：不以截图、拍照留痕作为工作依据";
    /// Whether hours added by a correction earn points; off by default.
    corrected_hours_earn_points: bool = false
        => "手工更正增加的时长也记积分", "时长以签到签退为准：手工录入的永远标明，默认不记分";
    /// People a group has at least to be shown in a ranking, 2 to 100; 5 by default.
    ranking_min_group: i32 = 5, 2 to 100
        => "排行榜里一组至少多少人才显示", "《个人信息保护法》第六条：人数太少的统计等于点名";
    /// Whether one must have bound a phone to claim; off by default.
    phone_required: bool = false
        => "接单前必须绑定手机号", "《个人信息保护法》第十六条：不得因拒绝提供非必需信息而拒绝服务";
    /// How near to the place a check-in by place must be, metres, 50 to 2000; 200 by default.
    check_in_radius_m: i32 = 200, 50 to 2000
        => "定位签到时离任务地点多少米以内", "《个人信息保护法》第六条：位置只比对一次，不留存";
    /// After how many minutes past the end forgotten check-outs are closed, 0 to 1440; 120 by default.
    check_out_grace_minutes: i32 = 120, 0 to 1440
        => "任务结束多少分钟后，替忘记签退的人签退并标记", "时长以到场为准，标记的由人核对";
    /// How many minutes after the start somebody may be marked as not come, 0 to 240; 30 by default.
    no_show_grace_minutes: i32 = 30, 0 to 240
        => "任务开始多少分钟后才能记未到场", "先等一等，再记缺席";
    /// How many unexcused absences pause claiming, 0 (never) to 20; 3 by default.
    no_show_limit: i32 = 3, 0 to 20
        => "几次没有说明的缺席后暂停接单，0 为从不暂停", "名额留给能来的人；说明情况被认可的不计";
    /// Within how many days they count together, 1 to 365; 90 by default.
    no_show_days: i32 = 90, 1 to 365
        => "多少天以内的缺席放在一起算", "只看近期，不翻旧账";
    /// For how many days from the last of them claiming is paused, 1 to 180; 14 by default.
    suspend_days: i32 = 14, 1 to 180
        => "暂停接单多少天，从最后一次缺席算起", "提醒为主，到期自动恢复";
    /// After how many days a report that nobody confirmed confirms itself, 1 to 60; 7 by default.
    confirm_after_days: i32 = 7, 1 to 60
        => "上报后多少天没有人确认就自动确认", "志愿者的时长不因无人确认而拖延；有疑问的仍由人核对";
    /// Whether the political birthday (政治生日) is the day of full membership (转正) instead of that of joining (入党);
    /// off by default.
    birthday_by_full_date: bool = false
        => "政治生日按转正日期算；关闭就按入党日期算", "政治生日由各支部约定；两个日期分开登记，不互相代替";
    /// The hour of the day in Asia/Shanghai at which political birthdays are greeted, 6 to 20; 8 by default.
    birthday_hour: i32 = 8, 6 to 20
        => "政治生日当天几点送祝福", "不在休息时间打扰";
    /// Whether fellow members may write wishes; off by default.
    birthday_wishes_by_members: bool = false
        => "支部的同志能不能给过政治生日的人写寄语", "自愿参加，不作要求；只有本人愿意告诉支部的才能写";
    /// From when in the evening no phone rings, minutes after midnight in Asia/Shanghai, 0 to 1439; 1290 (21:30) by
    /// default. Changes to what begins within twelve hours ring all the same.
    quiet_from: i32 = 1290, 0 to 1439
        => "晚上从几点起不打扰，按零点后的分钟数，1290 就是 21:30", "基层减负：下班和休息时间不打扰；十二小时内开始的任务有变动除外";
    /// Until when, 0 to 1439; 450 (07:30) by default. The same as `quiet_from`: phones ring at any time.
    quiet_until: i32 = 450, 0 to 1439
        => "早上到几点为止，按零点后的分钟数，450 就是 07:30；和上一项相同就是不设", "基层减负：休息时间不催答复，名额保留的时间顺延";
}

/// A switch an org may forbid below it: off there, whatever was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    PointsEnabled,
    RankingEnabled,
    CheckInByPlace,
    PhotosRequired,
    PhoneRequired,
}

impl Switch {
    /// The name of the setting.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::PointsEnabled => "points_enabled",
            Self::RankingEnabled => "ranking_enabled",
            Self::CheckInByPlace => "check_in_by_place",
            Self::PhotosRequired => "photos_required",
            Self::PhoneRequired => "phone_required",
        }
    }
}

/// Tells a null from an absent field.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// One value as stored, with the org that set it.
#[derive(Clone, Debug)]
pub(super) struct SetValue {
    pub org_id: Uuid,
    pub key: String,
    pub value: Value,
    /// Forbidden here and below.
    pub locked: bool,
}

/// What is in force at an org, and where it comes from.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SettingsView {
    pub values: OrgSettings,
    /// For each setting the org that set it: this one or one above; null: nobody, the default holds.
    pub set_at: BTreeMap<String, Option<Uuid>>,
    /// Each setting with all there is to know of it.
    pub settings: BTreeMap<String, SettingView>,
}

/// A setting, explained.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SettingView {
    /// What is in force here: a switch or a number.
    pub value: Value,
    /// What holds where nobody has set it.
    pub default: Value,
    /// null: it is a switch.
    pub bounds: Option<Bounds>,
    /// What it means.
    pub meaning: &'static str,
    /// The rule it follows.
    pub rule: &'static str,
    /// The org that set it: this one or one above; null: nobody.
    pub set_at: Option<Uuid>,
    /// The org that forbade it for all below: this one or one above; null: nobody.
    pub locked_at: Option<Uuid>,
}

/// The least and the most a number may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bounds {
    pub min: i32,
    pub max: i32,
}

/// What is in force at `path`, given what was set at each path on the way. Read from the root down, so that the
/// nearest org has the last word, except over what one above has forbidden.
///
/// # Errors
/// When a stored value is not of its setting's type, which `SettingsChange` rules out.
pub(super) fn in_force(
    path: &str,
    set: &HashMap<String, Vec<SetValue>>,
) -> Result<SettingsView, Error> {
    let mut values = OrgSettings::default();
    let mut set_at: BTreeMap<_, _> =
        OrgSettings::KEYS.iter().map(|key| ((*key).to_owned(), None)).collect();
    let mut locks: HashMap<&str, Uuid> = HashMap::new();
    for one in upward(path).into_iter().filter_map(|step| set.get(step)).flatten() {
        if locks.contains_key(one.key.as_str()) {
            continue;
        }
        values.put(&one.key, &one.value).map_err(|error| Error::broken("read a setting", error))?;
        if let Some(setter) = set_at.get_mut(&one.key) {
            *setter = Some(one.org_id);
        }
        if one.locked {
            locks.insert(&one.key, one.org_id);
        }
    }
    let mut settings = values.explained();
    for (key, setting) in &mut settings {
        setting.set_at = set_at.get(key).copied().flatten();
        setting.locked_at = locks.get(key.as_str()).copied();
    }
    Ok(SettingsView { values, set_at, settings })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn change(body: Value) -> SettingsChange {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn a_null_is_told_from_an_absent_field() {
        let each: Vec<_> = change(json!({"open_claims_max": null, "volunteers_may_claim": false}))
            .each()
            .collect();
        assert_eq!(each, [("open_claims_max", None), ("volunteers_may_claim", Some(json!(false)))]);
        assert_eq!(change(json!({})).each().count(), 0);
    }

    #[test]
    fn bounds_hold_and_null_passes_them() {
        assert!(change(json!({"open_claims_max": 0})).validate().is_err());
        assert!(change(json!({"travel_buffer_minutes": 241})).validate().is_err());
        assert!(
            change(json!({"travel_buffer_minutes": 0, "daily_claims_max": null}))
                .validate()
                .is_ok()
        );
        assert!(serde_json::from_value::<SettingsChange>(json!({"open_claim_max": 1})).is_err());
    }

    #[test]
    fn a_key_of_a_newer_version_changes_nothing() {
        let one = SetValue {
            org_id: Uuid::nil(),
            key: "of_tomorrow".into(),
            value: json!("x"),
            locked: false,
        };
        let view = in_force("a/", &HashMap::from([("a/".into(), vec![one])])).unwrap();
        assert_eq!(view, in_force("a/", &HashMap::new()).unwrap());
        assert_eq!(view.values, OrgSettings::default());
    }

    #[test]
    fn every_setting_says_in_chinese_what_it_means_and_which_rule_it_follows() {
        let chinese = |text: &str| text.chars().any(|sign| ('一'..='龥').contains(&sign));
        let view = in_force("a/", &HashMap::new()).unwrap();
        assert_eq!(view.settings.len(), OrgSettings::KEYS.len());
        for (key, setting) in view.settings {
            assert!(chinese(setting.meaning) && chinese(setting.rule), "{key}");
            assert_eq!(setting.value, setting.default, "{key}");
            assert_eq!(setting.bounds.is_none(), setting.default.is_boolean(), "{key}");
        }
    }

    #[test]
    fn what_burdens_people_is_off_until_somebody_turns_it_on() {
        let OrgSettings {
            points_enabled,
            ranking_enabled,
            check_in_by_place,
            photos_required,
            phone_required,
            ..
        } = OrgSettings::default();
        let on =
            [points_enabled, ranking_enabled, check_in_by_place, photos_required, phone_required];
        assert_eq!(on, [false; 5]);
    }

    #[test]
    fn what_a_higher_org_forbids_stays_off_whatever_is_set_below() {
        let one = |org: u128, value: bool, locked| SetValue {
            org_id: Uuid::from_u128(org),
            key: "points_enabled".into(),
            value: json!(value),
            locked,
        };
        let set = HashMap::from([
            ("a/".to_owned(), vec![one(1, true, false)]),
            ("a/b/".to_owned(), vec![one(2, false, true)]),
            ("a/b/c/".to_owned(), vec![one(3, true, false)]),
        ]);
        let at = |path: &str| in_force(path, &set).unwrap();
        assert!(at("a/").values.points_enabled, "above the lock it holds as set");
        assert!(!at("a/b/").values.points_enabled && !at("a/b/c/").values.points_enabled);
        let below = &at("a/b/c/").settings["points_enabled"];
        assert_eq!(
            (below.set_at, below.locked_at),
            (Some(Uuid::from_u128(2)), Some(Uuid::from_u128(2)))
        );
    }

    proptest! {
        /// However many on the way have set it, and whoever beside the way: the nearest on the way decides.
        #[test]
        fn the_nearest_that_set_a_value_decides(set in proptest::collection::vec(proptest::option::of(1i32..50), 4)) {
            let paths = ["a/", "a/b/", "a/b/c/", "a/x/"];
            let stored = paths.iter().zip(&set).enumerate().filter_map(|(i, (path, value))| {
                let org_id = Uuid::from_u128(i as u128);
                let value = json!((*value)?);
                let key = "open_claims_max".into();
                let one = SetValue { org_id, key, value, locked: false };
                Some(((*path).to_owned(), vec![one]))
            });
            let view = in_force("a/b/c/", &stored.collect()).unwrap();
            let nearest = (0..3).rev().find_map(|i| Some((i, set[i]?)));
            prop_assert_eq!(view.values.open_claims_max, nearest.map_or(5, |(_, value)| value));
            let setter = nearest.map(|(i, _)| Uuid::from_u128(i as u128));
            prop_assert_eq!(view.set_at["open_claims_max"], setter);
            prop_assert_eq!(view.set_at["daily_claims_max"], None);
        }
    }
}
