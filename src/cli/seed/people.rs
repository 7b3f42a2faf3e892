//! Who lives in the demo. Names are made up; the phone numbers belong to nobody.

use serde_json::json;

use crate::stage::{Actor, Stage, cast::demo_phone, id};

/// Of every demo account.
pub const PASSWORD: &str = "linli-demo";
pub const OPERATOR: &str = "yunwei";
/// 文化社区 of 新中街道.
pub const WENHUA: &str = "520302014004";

const MEMBERS: &[(&str, &[&str])] = &[
    ("李建国", &["急救"]),
    ("赵敏", &["急救", "心理疏导"]),
    ("陈志强", &["电工"]),
    ("周晓燕", &[]),
    ("吴海涛", &["驾驶"]),
    ("郑丽华", &[]),
    ("冯国庆", &["电工"]),
    ("何雨晴", &["摄影"]),
    ("罗永平", &[]),
    ("宋佳", &["心理疏导"]),
    ("唐文斌", &[]),
    ("谢春梅", &["驾驶"]),
];

const NEIGHBOURS: &[&str] = &["王阿姨", "张大爷", "刘奶奶", "陈女士", "孙叔叔"];

/// Everybody on the stage.
pub struct Cast {
    pub org: String,
    /// 文化社区第一党支部
    pub branch: String,
    pub members: usize,
    pub neighbours: usize,
}

/// The accounts a visitor may use: what to type, and who that is.
pub const ACCOUNTS: &[(&str, &str)] = &[
    ("xiaochen", "社区工作者 小陈（派单）"),
    ("xiaowu", "社区工作者 小吴（确认、审核）"),
    ("lishuji", "党支部 李书记"),
    ("zhouquzhang", "区领导 周区长"),
    (OPERATOR, "运维 老周"),
];

impl Cast {
    /// Brings everybody in, each by somebody who may.
    ///
    /// # Errors
    /// The refusal, as it was said.
    pub async fn gather(stage: &Stage) -> anyhow::Result<Self> {
        let (district, wenhua) = (stage.division("520302").await?, stage.division(WENHUA).await?);
        let (district, org) = (district.id.to_string(), wenhua.id.to_string());
        let operator = stage.first_operator(OPERATOR, "老周", PASSWORD).await?;
        let leader = ("zhouquzhang", "周区长", PASSWORD);
        let leader = stage.add_staff(&operator, &district, leader, "leader").await?;
        let office = ("xiaochen", "小陈", PASSWORD);
        let office = stage.add_staff(&leader, &org, office, "dispatcher").await?;
        stage.add_staff(&leader, &org, ("xiaowu", "小吴", PASSWORD), "dispatcher").await?;
        let secretary = ("lishuji", "李书记", PASSWORD);
        let secretary = stage.add_staff(&leader, &org, secretary, "secretary").await?;
        let branch = stage.add_branch(&leader, &org, "文化社区第一党支部").await?;
        for (n, (name, skills)) in MEMBERS.iter().enumerate() {
            stage.enlist(&secretary, &branch, (name, &demo_phone(n + 1)), skills).await?;
        }
        for name in NEIGHBOURS {
            let neighbour = stage.welcome(name).await?;
            live_here(&neighbour, &office, &org).await?;
        }
        Ok(Self { org, branch, members: MEMBERS.len(), neighbours: NEIGHBOURS.len() })
    }

    pub fn told(&self) -> String {
        format!("社区办公室 2 人、支部党员 {} 人、居民 {} 人", self.members, self.neighbours)
    }
}

/// A neighbour says where they live, and the office knows them.
async fn live_here(neighbour: &Actor, office: &Actor, org: &str) -> anyhow::Result<()> {
    let body = json!({"org_id": org, "kind": "residence"});
    let place = id(&neighbour.act("/me/memberships", &body).await?.success()?);
    office.tap(&format!("/memberships/{place}/confirm")).await?.success()?;
    Ok(())
}
