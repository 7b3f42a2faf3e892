import gcoord from 'gcoord'
import type { Spot } from './here'

/** From the coordinates of satellites to those of China's maps, some hundred metres beside them. */
export function toGcj02({ lat, lng }: Spot): Spot {
  const [east, north] = gcoord.transform([lng, lat], gcoord.WGS84, gcoord.GCJ02)
  return { lat: north, lng: east }
}
