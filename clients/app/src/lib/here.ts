export type Spot = { lat: number; lng: number }

/** Where the phone is, in the coordinates of China's maps (GCJ-02). Asked for once, in the tap that needs it. */
export async function here(): Promise<Spot> {
  let type: 'gcj02' | 'wgs84' = 'gcj02'
  // #ifdef H5
  type = 'wgs84'
  // #endif
  const { latitude, longitude } = await uni.getLocation({ type })
  let spot = { lat: latitude, lng: longitude }
  // #ifdef H5
  // A browser knows the satellites' coordinates only. Fetched when first needed: few people ask for it.
  const { toGcj02 } = await import('./gcj02')
  spot = toGcj02(spot)
  // #endif
  return spot
}
