//! Pages for paper: everything is escaped, nothing is loaded or run.

use actix_web::{HttpResponse, http::header};

/// Text as it may stand between tags and in quoted attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            sign => safe.push(sign),
        }
    }
    safe
}

/// A whole page; `title` is escaped here, `style` and `body` are the caller's own HTML.
pub(super) fn page(title: &str, style: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>{style}</style></head>\n<body>\n{body}</body></html>\n"
    )
}

/// What only the office and the lead may see: never kept by caches, never framed, no script.
pub(super) fn private(content_type: &'static str, body: impl Into<Vec<u8>>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
        ))
        .body(body.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_markup() {
        let name = "<script>alert('1')</script>\" onload=\"x&";
        let safe = escaped(name);
        assert!(!safe.contains(['<', '>', '"', '\'']));
        assert_eq!(safe.matches('&').count(), 9);
        assert!(page(name, "", "").contains("<title>&lt;script&gt;"));
    }
}
