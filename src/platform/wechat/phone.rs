//! 手机号 · a code from the phone button for a checked number.

use serde::Deserialize;
use serde_json::json;

use super::{Call, Phone, Wechat, WechatError, ask::Ask, call};

#[derive(Deserialize)]
struct Reply {
    phone_info: Info,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    #[serde(default, deserialize_with = "call::text")]
    phone_number: String,
    #[serde(default, deserialize_with = "call::text")]
    pure_phone_number: String,
    #[serde(default, deserialize_with = "call::text")]
    country_code: String,
    watermark: Watermark,
}

#[derive(Deserialize)]
struct Watermark {
    appid: String,
}

impl Wechat {
    /// Whose phone this code stands for. Each success costs money, and the code works once.
    ///
    /// # Errors
    /// As [`Class`](super::Class) tells them apart.
    pub async fn phone(&self, code: &str) -> Result<Phone, WechatError> {
        let body = json!({ "code": code });
        let reply: Reply = self.ask(&Ask::post(Call::Phone, &body), call::decode).await?;
        read(&reply.phone_info, &self.app_id)
    }
}

fn read(info: &Info, app_id: &str) -> Result<Phone, WechatError> {
    if info.watermark.appid != app_id {
        return Err(WechatError::Decode("the number is stamped for another app"));
    }
    normal(info).ok_or(WechatError::Decode("the number is not one"))
}

/// The mainland's 11 digits alone; elsewhere `+`, country code and number.
fn normal(info: &Info) -> Option<Phone> {
    let (full, pure) = (digits(&info.phone_number), digits(&info.pure_phone_number));
    let country = digits(&info.country_code);
    match country.trim_start_matches('0') {
        "" | "86" => {
            let number = if pure.is_empty() { full } else { pure };
            let number = number.trim_start_matches('0');
            let number = number.strip_prefix("86").unwrap_or(number);
            (number.len() == 11 && number.starts_with('1')).then(|| Phone::new(number))
        }
        // E.164 ends at 15 digits.
        country if pure.len() >= 4 && country.len() + pure.len() <= 15 => {
            Some(Phone::new(format!("+{country}{pure}")))
        }
        _ => None,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(full: &str, pure: &str, country: &str) -> Option<String> {
        let info = Info {
            phone_number: full.into(),
            pure_phone_number: pure.into(),
            country_code: country.into(),
            watermark: Watermark { appid: "wx1".into() },
        };
        read(&info, "wx1").ok().map(|phone| phone.as_str().to_owned())
    }

    #[test]
    fn a_mainland_number_is_eleven_digits_however_it_is_written() {
        for (full, pure, country) in [
            ("13800001111", "13800001111", "86"),
            ("+8613800001111", "13800001111", "+86"),
            ("+86 138-0000-1111", "", "86"),
            ("008613800001111", "", ""),
            ("", "+86 13800001111", "0086"),
        ] {
            assert_eq!(told(full, pure, country).as_deref(), Some("13800001111"), "{full} {pure}");
        }
    }

    #[test]
    fn a_number_from_elsewhere_keeps_its_country() {
        assert_eq!(told("+852 61234567", "61234567", "852").as_deref(), Some("+85261234567"));
        assert_eq!(told("", "2025550123", "1").as_deref(), Some("+12025550123"));
    }

    #[test]
    fn what_is_no_number_or_not_ours_is_refused() {
        assert_eq!(told("", "", ""), None);
        assert_eq!(told("1380000111", "1380000111", "86"), None);
        assert_eq!(told("", "1234567890123456", "1"), None);
        let reply: Reply = serde_json::from_value(json!({ "phone_info": {
            "phoneNumber": 13800001111_i64, "purePhoneNumber": "13800001111", "countryCode": 86,
            "watermark": { "timestamp": 1, "appid": "wx1" },
        } }))
        .unwrap();
        assert_eq!(read(&reply.phone_info, "wx1").unwrap().as_str(), "13800001111");
        assert!(read(&reply.phone_info, "wx2").unwrap_err().to_string().contains("another app"));
    }
}
