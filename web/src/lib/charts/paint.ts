import type uPlot from 'uplot'
import { type ChartColor, type ChartData, chartColors, stackValues } from './chart.ts'

/** The colours of the theme on screen, as a canvas takes them: custom properties hold both themes' at once. */
export type Palette = Record<ChartColor | 'ink' | 'muted' | 'line' | 'surface' | 'bad-soft', string>

const needed = [...chartColors, 'ink', 'muted', 'line', 'surface', 'bad-soft'] as const

export function readPalette(element: HTMLElement): Palette {
	const probe = element.appendChild(document.createElement('span'))
	const colors = needed.map(name => {
		probe.style.color = `var(--color-${name})`
		return [name, getComputedStyle(probe).color]
	})
	probe.remove()
	return Object.fromEntries(colors) as Palette
}

type Pixels = (chart: uPlot, at: number) => number
const across: Pixels = (chart, at) => chart.valToPos(at, 'x', true)

/** A rectangle over a period, as high as the plot; cut off at its sides. */
function fillPeriod(chart: uPlot, from: number, to: number): void {
	const { left, top, width, height } = chart.bbox
	const start = Math.max(left, across(chart, from))
	const end = Math.min(left + width, across(chart, to))
	if (end > start) chart.ctx.fillRect(start, top, end - start, height)
}

/** Behind everything. */
export function paintBands(chart: uPlot, bands: ChartData['bands'], palette: Palette): void {
	chart.ctx.fillStyle = palette['bad-soft']
	for (const [from, to] of bands ?? []) fillPeriod(chart, from, to)
}

/** Bars that fill their bucket, the last series first: those below are painted over it. */
export function paintStack(chart: uPlot, data: ChartData, palette: Palette): void {
	const { ctx, bbox } = chart
	const sums = stackValues(data.series)
	const floor = chart.valToPos(0, 'y', true)
	ctx.save()
	ctx.beginPath()
	ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
	ctx.clip()
	for (const [place, series] of [...data.series.entries()].reverse()) {
		ctx.fillStyle = palette[series.color]
		for (const [bucket, at] of data.times.entries()) {
			const value = sums[place]?.[bucket] ?? 0
			if (value <= (sums[place - 1]?.[bucket] ?? 0)) continue
			const start = across(chart, at)
			const width = across(chart, at + data.bucketMs) - start
			// Between narrow bars a gap would be all there is to see.
			const gap = width > 4 * devicePixelRatio ? devicePixelRatio : 0
			// What is there at all is seen, however small.
			const top = Math.min(chart.valToPos(value, 'y', true), floor - devicePixelRatio)
			ctx.fillRect(start, top, Math.max(width - gap, devicePixelRatio), floor - top)
		}
	}
	ctx.restore()
}

/** Diagonal strokes over the part that is not complete yet. */
export function paintHatching(chart: uPlot, from: number, to: number, palette: Palette): void {
	const { ctx, bbox } = chart
	const start = Math.max(bbox.left, across(chart, from))
	const end = Math.min(bbox.left + bbox.width, across(chart, to))
	if (end <= start) return
	ctx.save()
	ctx.beginPath()
	ctx.rect(start, bbox.top, end - start, bbox.height)
	ctx.clip()
	ctx.strokeStyle = palette.surface
	ctx.lineWidth = 1.5 * devicePixelRatio
	const step = 5 * devicePixelRatio
	ctx.beginPath()
	for (let x = start - bbox.height; x < end; x += step) {
		ctx.moveTo(x, bbox.top + bbox.height)
		ctx.lineTo(x + bbox.height, bbox.top)
	}
	ctx.stroke()
	ctx.globalAlpha = 0.35
	ctx.strokeStyle = palette.muted
	ctx.lineWidth = devicePixelRatio
	ctx.beginPath()
	for (let x = start - bbox.height + step / 2; x < end; x += step) {
		ctx.moveTo(x, bbox.top + bbox.height)
		ctx.lineTo(x + bbox.height, bbox.top)
	}
	ctx.stroke()
	ctx.restore()
}
