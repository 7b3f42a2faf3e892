//! Pages for paper: plain HTML that needs nothing from elsewhere and runs nothing.

use actix_web::{HttpResponse, http::header};

/// A4, black on white, nothing outside the page.
const STYLE: &str = "body{font-family:serif;max-width:42em;margin:2em auto;color:#000}h1{text-align:center}\
table{width:100%;border-collapse:collapse}th,td{border:1px solid #000;padding:.6em;text-align:left}\
th{width:8em;font-weight:normal}@page{size:A4;margin:2cm}";

/// Text as it may stand between tags and in quoted attributes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(sign),
        }
    }
    safe
}

/// A whole page around a body whose texts are escaped.
pub fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{}</title>\
         <style>{STYLE}</style></head><body>{body}</body></html>\n",
        escaped(title)
    )
}

/// The page as an answer: no script may run on it, nobody frames it, no search engine keeps it.
pub fn answer(page: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Robots-Tag", "noindex"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays_text() {
        assert_eq!(escaped("<b a=\"x\">'&"), "&lt;b a=&quot;x&quot;&gt;&#39;&amp;");
        assert!(!page("<script>", "").contains("<script>"));
    }
}
