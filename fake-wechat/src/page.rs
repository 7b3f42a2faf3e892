//! `GET /`: tells a person in a browser what this is, who logged in and what was called.

use std::fmt::Write;

use actix_web::{HttpResponse, web::Data};

use crate::controls::Controls;

/// A load test logs in thousands; a person reads a few.
const SHOWN: usize = 200;

pub(crate) async fn show(controls: Data<Controls>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(render(&controls))
}

fn render(controls: &Controls) -> String {
    let moved = controls.clock().moved().as_secs().to_string();
    controls.with(|world, _| {
        let (mut users, mut calls) = (String::new(), String::new());
        for (openid, user) in world.users.iter().take(SHOWN) {
            let blocked = if world.blocked.contains(openid) { "已拦截" } else { "" };
            row(&mut users, &[&user.name, openid, &user.logins.to_string(), blocked]);
        }
        for (path, count) in world.calls.iter().take(SHOWN) {
            row(&mut calls, &[path, &count.to_string()]);
        }
        include_str!("page.html")
            .replace("{app_id}", &escaped(&world.app.id))
            .replace("{moved}", &moved)
            .replace("{user_count}", &world.users.len().to_string())
            .replace("{calls}", &calls)
            .replace("{users}", &users)
    })
}

fn row(rows: &mut String, cells: &[&str]) {
    rows.push_str("<tr>");
    for cell in cells {
        // Writing to a String cannot fail.
        let _ = write!(rows, "<td>{}</td>", escaped(cell));
    }
    rows.push_str("</tr>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use crate::testing::{APP_ID, LOGIN, controls, get};

    use super::*;

    #[actix_web::test]
    async fn it_names_users_and_calls_and_loads_nothing() {
        let controls = controls();
        let code = controls.login_code("<b>张三</b>");
        let query = format!("appid={APP_ID}&secret=not%20a%20secret&js_code={code}");
        get(&controls, &format!("{LOGIN}?{query}&grant_type=authorization_code")).await;
        let page = render(&controls);
        assert!(
            page.contains("&lt;b&gt;张三&lt;/b&gt;")
                && page.contains(&controls.openid("<b>张三</b>"))
        );
        assert!(page.contains(&format!("<td>{LOGIN}</td><td>1</td>")));
        for loads in ["http://", "https://", "src=", "url(", "@import", "{users}", "{calls}"] {
            assert!(!page.contains(loads), "{loads}");
        }
    }
}
