//! What is audited, and how a line of the chain is hashed.

use ::entity::audit_entry::Model;
use uuid::Uuid;

use crate::platform::crypto::sha256_b64;

/// Declares the audited acts and their stable names in one list.
macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident = $name:literal),* $(,)?) => {
        /// An act worth a line.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Act { $($(#[$doc])* $act),* }

        impl Act {
            /// Every act there is.
            pub const ALL: &'static [Self] = &[$(Self::$act),*];

            /// The stable name, as stored.
            pub fn name(self) -> &'static str {
                match self { $(Self::$act => $name),* }
            }

            /// The act of that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|act| act.name() == name)
            }
        }
    };
}

acts! {
    /// 授权
    RoleGranted = "role.granted",
    /// 收回授权
    RoleRevoked = "role.revoked",
    /// 需求换了负责人
    RequestHandedOver = "request.handed_over",
    /// 需求转给了别处
    RequestPassed = "request.passed",
    /// 晒单审核通过
    StoryPublished = "story.published",
    /// 晒单审核不通过
    StoryRejected = "story.rejected",
    /// 晒单撤下
    StoryWithdrawn = "story.withdrawn",
    /// 设定主题党日规则
    ThemeDayRuleSet = "theme_day.rule_set",
    /// 取消主题党日
    ThemeDayCancelled = "theme_day.cancelled",
    /// 主题党日记录审核通过
    ThemeDayApproved = "theme_day.approved",
    /// 主题党日记录退回
    ThemeDayReturned = "theme_day.returned",
    /// 导出通报
    CircularExported = "circular.exported",
    /// 修改设置
    SettingsChanged = "settings.changed",
    /// 统一关闭一项
    SettingForbidden = "setting.forbidden",
    /// 重新允许一项
    SettingAllowed = "setting.allowed",
    /// 导入花名册
    RosterImported = "roster.imported",
    /// 查看党员档案
    PartyRecordRead = "party_record.read",
    /// 修改党员档案
    PartyRecordChanged = "party_record.changed",
    /// 停发喜庆通知
    MemberQuieted = "member.quieted",
    /// 恢复喜庆通知
    MemberUnquieted = "member.unquieted",
    /// 查看政治生日名单
    BirthdaysRead = "birthdays.read",
    /// 以支部名义送寄语
    WishWritten = "birthday_wish.written",
    /// 撤下寄语
    WishRemoved = "birthday_wish.removed",
    /// 添加寄语模板
    WishTemplateAdded = "wish_template.added",
    /// 删除寄语模板
    WishTemplateRemoved = "wish_template.removed",
    /// 组织关系转接
    MembershipMoved = "membership.moved",
    /// 结束组织关系
    MembershipEnded = "membership.ended",
    /// 再发一次消息
    PushRetried = "push.retried",
    /// 不再发一条消息
    PushDropped = "push.dropped",
    /// 电话告知
    CallMade = "call.made",
    /// 答复投诉
    ComplaintAnswered = "complaint.answered",
    /// 人工审核通过
    ContentPassed = "content.passed",
    /// 人工审核不通过
    ContentRefused = "content.refused",
    /// 安排人员时越过了规则
    ClaimForced = "claim.forced",
    /// 现场加入时破例
    WalkInOverride = "claim.walk_in_override",
    /// 导出名单
    RosterExported = "roster.exported",
    /// 裁定缺席说明
    ExcuseRuled = "absence.ruled",
    /// 提出更正时长
    HoursCorrectionProposed = "hours.correction_proposed",
    /// 批准更正时长
    HoursCorrected = "hours.corrected",
    /// 不批准更正时长
    HoursCorrectionRefused = "hours.correction_refused",
    /// 提出人工记分
    PointsProposed = "points.proposed",
    /// 批准人工记分
    PointsGiven = "points.given",
    /// 不批准人工记分
    PointsRefused = "points.refused",
    /// 批准星级申诉
    StarsChanged = "stars.changed",
    /// 不批准星级申诉
    StarAppealRefused = "stars.appeal_refused",
    /// 设定积分规则
    PointsRulesSet = "points.rules_set",
    /// 查看个人信息原文
    PersonRevealed = "person.revealed",
    /// 导出本人数据
    OwnDataExported = "own_data.exported",
    /// 注销账号
    AccountLeft = "account.left",
    /// 微信账号注销
    AccountClosed = "account.closed",
    /// 在微信撤回授权
    DataTakenBack = "own_data.taken_back",
}

/// An act as it happened.
#[derive(Clone, Debug)]
pub struct Deed {
    pub act: Act,
    /// None: the house itself, or an operator at the machine.
    pub actor_id: Option<Uuid>,
    pub org_id: Option<Uuid>,
    /// The row it was done to.
    pub subject_id: Option<Uuid>,
    /// The reason given.
    pub why: Option<String>,
}

/// The hash of a line over everything it says and the line before it. Parts are closed by a line feed, which none
/// of them holds.
pub fn hash(line: &Model) -> String {
    let id = |id: Option<Uuid>| id.map_or_else(String::new, |id| id.to_string());
    let parts = [
        line.seq.to_string(),
        line.at.ms().to_string(),
        id(line.actor_id),
        line.action.clone(),
        id(line.org_id),
        id(line.subject_id),
        line.why_digest.clone().unwrap_or_default(),
        line.prev.clone(),
    ];
    sha256_b64(parts.join("\n").as_bytes())
}
