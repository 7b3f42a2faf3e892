//! Figures for the operator, rendered for Prometheus on the admin port.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts collecting; further calls return the same collector.
pub fn init() -> Option<&'static PrometheusHandle> {
    HANDLE
        .get_or_init(|| {
            let seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &seconds)
                .and_then(|builder| builder.install_recorder())
                .inspect_err(|error| tracing::warn!(%error, "metrics are not collected"))
                .ok()
        })
        .as_ref()
}

/// All figures in Prometheus' text form.
pub fn render() -> String {
    init().map(PrometheusHandle::render).unwrap_or_default()
}
