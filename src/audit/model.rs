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
    /// 组织关系转接
    MembershipMoved = "membership.moved",
    /// 结束组织关系
    MembershipEnded = "membership.ended",
    /// 答复投诉
    ComplaintAnswered = "complaint.answered",
    /// 查看个人信息原文
    PersonRevealed = "person.revealed",
    /// 导出本人数据
    OwnDataExported = "own_data.exported",
    /// 注销账号
    AccountLeft = "account.left",
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
