//! What tests say about an answer.

use linli::stage::Reply;
use serde_json::Value;

/// Assertions, each naming what it got instead.
pub trait Expect {
    /// The body of a success.
    fn ok(self) -> Value;
    /// It was refused like that, as a proper problem; answers the body.
    fn refused(self, status: u16, code: &str) -> Value;
    /// One field was refused; answers the body.
    fn refused_field(self, field: &str, code: &str) -> Value;
}

impl Expect for Reply {
    #[track_caller]
    fn ok(self) -> Value {
        assert!(self.is_success(), "expected success, got {self:?}");
        self.body
    }

    #[track_caller]
    fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.code()), (status, code), "{self:?}");
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.body["status"], status);
        assert!(self.body["request_id"].as_str().is_some_and(|id| !id.is_empty()));
        self.body
    }

    #[track_caller]
    fn refused_field(self, field: &str, code: &str) -> Value {
        let body = self.refused(422, "validation");
        assert_eq!(body["errors"][0]["field"], field, "{body}");
        assert_eq!(body["errors"][0]["code"], code, "{body}");
        body
    }
}
