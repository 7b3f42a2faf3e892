//! What every Excel file of the house has in common.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, HeaderValue},
};

use super::http::html::private;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Text that stays text wherever the file is opened, or saved as CSV and opened again.
pub fn neutral(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The file as an answer; `disposition` says what it is called. Nothing keeps it on the way.
pub fn answer(bytes: Vec<u8>, disposition: &'static str) -> HttpResponse {
    let mut response = private(XLSX, bytes);
    response.headers_mut().insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_formula() {
        for bad in ["=1+1", "+8613", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert!(neutral(bad).starts_with('\''), "{bad}");
        }
        assert_eq!(neutral("李建国=1"), "李建国=1");
    }
}
