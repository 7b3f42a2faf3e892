//! 登录 · a login code for an openid. The session key that comes with it is never read: nothing we do needs it.

use serde::Deserialize;

use super::{Call, Openid, Wechat, WechatError, call};

#[derive(Deserialize)]
struct Reply {
    openid: String,
}

impl Wechat {
    /// Whose login code this is. WeChat accepts a code once, so a failed call is not repeated here.
    ///
    /// # Errors
    /// As [`Class`](super::Class) tells them apart.
    pub async fn login(&self, code: &str) -> Result<Openid, WechatError> {
        let query = [
            ("appid", self.app_id.as_str()),
            ("secret", self.secret.as_str()),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        let request = self.http.get(self.url(Call::Login)).query(&query);
        let reply: Reply = self.once(Call::Login, None, request, call::decode).await?;
        if reply.openid.is_empty() {
            return Err(WechatError::Decode("the openid is empty"));
        }
        Ok(Openid::new(reply.openid))
    }
}
