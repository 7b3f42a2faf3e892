//! `GET /`: the phones, for a person in a browser: what lies on them, what they are asked, and the hands on the
//! clock, the faults and the push. One file over the wire; its script works through the controls.

use actix_web::HttpResponse;

pub(crate) async fn show() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page())
}

fn page() -> String {
    include_str!("page.html")
        .replace("{style}", include_str!("page.css"))
        .replace("{script}", include_str!("page.js"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{LOGIN, call, controls, get, logged_in};

    use super::*;

    #[test]
    fn it_loads_nothing_from_anywhere() {
        let page = page();
        for loads in ["http://", "https://", "src=", "url(", "@import", "{style}", "{script}"] {
            assert!(!page.contains(loads), "{loads}");
        }
    }

    #[actix_web::test]
    async fn it_is_told_of_phones_messages_prompts_and_calls() {
        let controls = controls();
        let openid = logged_in(&controls, "<b>张三</b>").await;
        controls.accept("<b>张三</b>", "生日祝福提醒");
        controls.accept("<b>张三</b>", "生日祝福提醒");
        let data = json!({ "thing1": { "value": "平安喜乐" }, "date2": { "value": "2026年11月25日" },
                           "thing3": { "value": "丁字口社区" } });
        let template = crate::template("生日祝福提醒");
        let message = json!({ "touser": openid, "template_id": template, "data": data });
        assert_eq!(call(&controls, "/cgi-bin/message/subscribe/send", message).await["errcode"], 0);
        controls.prompt("<b>张三</b>", &["主题党日提醒"]).unwrap();

        let state = get(&controls, "/__fake/state").await.json;
        let phone = &state["phones"][0];
        assert_eq!(phone["name"], "<b>张三</b>");
        assert_eq!(phone["messages"][0]["lines"][0], json!(["祝福语", "平安喜乐"]));
        assert_eq!(phone["prompts"][0]["templates"][0], "主题党日提醒");
        assert_eq!(phone["grants"][0], json!({ "title": "生日祝福提醒", "balance": 1 }));
        assert_eq!(state["calls"][LOGIN], 1);
        assert_eq!(state["pushes"][0]["told"]["Event"], "subscribe_msg_popup_event");
    }
}
