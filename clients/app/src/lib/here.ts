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
  spot = await moved(spot)
  // #endif
  return spot
}

// #ifdef H5
/** A browser knows WGS-84 only, which is some hundred metres beside it. */
async function moved({ lat, lng }: Spot): Promise<Spot> {
  const { default: gcoord } = await import('gcoord')
  const [east, north] = gcoord.transform([lng, lat], gcoord.WGS84, gcoord.GCJ02)
  return { lat: north, lng: east }
}
// #endif
