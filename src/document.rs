//! The frame of the API document, around what the rooms contribute.

use anyhow::Context;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::platform::http::problem::ProblemBody;

const DESCRIPTION: &str = "群众点单 → 社区派单 → 党员接单 → 组织晒单。\n\n\
    出错时一律回答 `application/problem+json`（RFC 9457），`code` 是固定的，不会改名；\
    默认中文，`Accept-Language: en` 得到英文。时间是带时区的 RFC 3339，坐标是 GCJ-02。";

/// The document without any route.
pub fn frame() -> OpenApi {
    let mut schemas = vec![(ProblemBody::name().into_owned(), ProblemBody::schema())];
    <ProblemBody as ToSchema>::schemas(&mut schemas);
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme("bearer", SecurityScheme::Http(token))
        .build();
    let licence = LicenseBuilder::new()
        .name(env!("CARGO_PKG_LICENSE"))
        .identifier(Some(env!("CARGO_PKG_LICENSE")))
        .build();
    let info = InfoBuilder::new()
        .title("邻里")
        .description(Some(DESCRIPTION))
        .version(env!("CARGO_PKG_VERSION"))
        .license(Some(licence))
        .build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// Adds what handlers leave unsaid: a name for each operation, made of method and path, `post_tasks_id_claims`
/// (handlers of different rooms may share a name, operations may not), and a word for each bare status.
pub fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let words = path.trim_start_matches("/api/v1").split(['/', '{', '}', '-', '.']);
        let name = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
        for (method, operation) in [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("delete", &mut item.delete),
        ] {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(format!("{method}_{name}"));
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && response.description.is_empty()
                {
                    response.description = spoken(status).to_owned();
                }
            }
        }
    }
}

fn spoken(status: &str) -> &'static str {
    match status {
        "200" => "成功",
        "201" => "已建立",
        "202" => "已受理",
        "204" => "成功，没有内容",
        "304" => "没有变化",
        "503" => "暂时不行",
        _ => "见状态码",
    }
}

/// As it is committed and served: the same bytes for the same code, a newline at the end.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn text(document: &OpenApi) -> anyhow::Result<String> {
    let mut text = document.to_pretty_json().context("write the API document")?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use crate::app::routes_and_document;

    use super::*;

    #[test]
    fn the_document_is_the_same_every_time_and_complete() {
        let document = text(&routes_and_document()).unwrap();
        assert_eq!(document, text(&routes_and_document()).unwrap());
        let json: Value = serde_json::from_str(&document).unwrap();
        assert_eq!(json["info"]["title"], "邻里");
        assert_eq!(json["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
        assert!(json["paths"]["/api/v1/me"]["get"].is_object());
        assert!(json.get("servers").is_none());
        for part in document.split("\"$ref\": \"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            assert!(json["components"]["schemas"].get(name).is_some(), "{name} is missing");
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_and_says_what_it_answers() {
        let json = serde_json::to_value(routes_and_document()).unwrap();
        let mut names = BTreeSet::new();
        for (path, item) in json["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                let responses = operation["responses"].as_object().unwrap();
                assert!(responses.values().all(|one| one["description"].is_string()), "{path}");
                assert!(names.insert(name.to_owned()), "{method} {path}: {name}");
            }
        }
        assert!(names.contains("get_me") && names.contains("post_auth_wechat"));
    }
}
