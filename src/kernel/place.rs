//! Places on the map, in degrees of GCJ-02.

/// Whole metres between two points (latitude, longitude) along the great circle.
pub fn metres((lat1, lng1): (f64, f64), (lat2, lng2): (f64, f64)) -> i64 {
    let (dlat, dlng) = ((lat2 - lat1).to_radians(), (lng2 - lng1).to_radians());
    let (lat1, lat2) = (lat1.to_radians(), lat2.to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlng / 2.0).sin().powi(2);
    #[allow(clippy::cast_possible_truncation)]
    let metres = (2.0 * 6_371_000.0 * h.sqrt().asin()).round() as i64;
    metres
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_in_metres() {
        let here = (27.7, 106.99);
        assert_eq!(metres(here, here), 0);
        assert!((990..=1010).contains(&metres(here, (27.709, 106.99))));
        assert_eq!(metres(here, (27.8, 107.1)), metres((27.8, 107.1), here));
    }
}
