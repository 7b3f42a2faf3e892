// Only the parts of ECharts that these two charts draw with go into the bundle.
import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { scaled } from '@/lib/type'
import type { Overview } from './overview'

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

export type Chart = EChartsType
export type Option = Parameters<EChartsType['setOption']>[0]

const tones = ['#1d4f91', '#d18a1c']
const calm = () => ({
  animation: false,
  color: tones,
  tooltip: { trigger: 'axis' },
  legend: { bottom: 0, data: ['提出', '办结'], textStyle: { fontSize: scaled(12) } },
})
const grid = (left: number, right: number) => ({ left: scaled(left), right, top: scaled(16), bottom: scaled(56) })
const axis = () => ({ axisLabel: { fontSize: scaled(12) } })
const whole = () => ({ ...axis(), type: 'value', minInterval: 1 })

export const draw = (place: HTMLElement): Chart => init(place, undefined, { renderer: 'svg' })

export function byDay(days: Overview['days']): Option {
  return {
    ...calm(),
    grid: grid(32, 8),
    xAxis: { ...axis(), type: 'category', data: days.map((day) => String(Number(day.date.slice(8)))) },
    yAxis: whole(),
    series: [
      { name: '提出', type: 'bar', data: days.map((day) => day.requests) },
      { name: '办结', type: 'bar', data: days.map((day) => day.closed) },
    ],
  }
}

export function byCategory(categories: Overview['categories']): Option {
  const most = [...categories].sort((a, b) => a.requests - b.requests).slice(-8)
  return {
    ...calm(),
    grid: grid(72, 16),
    xAxis: whole(),
    yAxis: { ...axis(), type: 'category', data: most.map((one) => one.category) },
    series: [
      { name: '提出', type: 'bar', data: most.map((one) => one.requests) },
      { name: '办结', type: 'bar', data: most.map((one) => one.closed) },
    ],
  }
}
