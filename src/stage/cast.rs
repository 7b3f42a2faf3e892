//! Filling a stage: an office, a branch, its members, and neighbours. Everything but the first operator is done by
//! somebody who may, over HTTP.

use ::entity::org;
use anyhow::Context;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::cli::operator::appoint;

use super::{Actor, Stage, id};

/// A number nobody has: the 199-0000 block is for demonstrations.
pub fn demo_phone(n: usize) -> String {
    format!("1990000{n:04}")
}

impl Stage {
    /// The org with that division code.
    ///
    /// # Errors
    /// When the division tree was not imported.
    pub async fn division(&self, code: &str) -> anyhow::Result<org::Model> {
        let found = org::Entity::find().filter(org::Column::Code.eq(code));
        let found = found.one(self.state.db.read()).await?;
        found.with_context(|| {
            format!("组织树里没有 {code}：先运行 linli import orgs data/divisions_zunyi.csv")
        })
    }

    /// The first operator of an installation; the only account nobody else can make.
    ///
    /// # Errors
    /// When the user name is taken.
    pub async fn first_operator(
        &self,
        username: &str,
        name: &str,
        password: &str,
    ) -> anyhow::Result<Actor> {
        appoint(&self.state, username, name, password).await?;
        self.enter_with_password(username, password).await
    }

    /// A member of staff, added by somebody who may.
    ///
    /// # Errors
    /// The refusal, as it was said.
    pub async fn add_staff(
        &self,
        by: &Actor,
        org: &str,
        (username, name, password): (&str, &str, &str),
        role: &str,
    ) -> anyhow::Result<Actor> {
        let account = json!({"username": username, "name": name, "password": password});
        let body = json!({"account": account, "role": role});
        by.act(&format!("/orgs/{org}/roles"), &body).await?.success()?;
        self.enter_with_password(username, password).await
    }

    /// A branch below a community.
    ///
    /// # Errors
    /// The refusal, as it was said.
    pub async fn add_branch(&self, by: &Actor, parent: &str, name: &str) -> anyhow::Result<String> {
        let body = json!({"parent_id": parent, "kind": "branch", "name": name});
        Ok(id(&by.act("/orgs", &body).await?.success()?))
    }

    /// A Party member as it happens: the branch writes the roster, the member opens the mini program and binds the
    /// phone, and the roster's row becomes the account.
    ///
    /// # Errors
    /// The refusal, as it was said.
    pub async fn enlist(
        &self,
        registrar: &Actor,
        branch: &str,
        (name, phone): (&str, &str),
        skills: &[&str],
    ) -> anyhow::Result<Actor> {
        let row = json!({"name": name, "phone": phone, "kind": "home_branch", "skills": skills});
        registrar.act(&format!("/orgs/{branch}/members"), &row).await?.success()?;
        let newcomer = self.enter(name).await?;
        let code = json!({"code": format!("dev:{phone}")});
        newcomer.act("/me/phone", &code).await?.success()?;
        self.welcome(name).await
    }

    /// A neighbour who opens the mini program and says what to be called.
    ///
    /// # Errors
    /// The refusal, as it was said.
    pub async fn welcome(&self, name: &str) -> anyhow::Result<Actor> {
        let neighbour = self.enter(name).await?;
        neighbour.change("/me", &json!({"name": name})).await?.success()?;
        Ok(neighbour)
    }
}
