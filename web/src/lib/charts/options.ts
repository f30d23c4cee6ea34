import type uPlot from 'uplot'
import { type ChartData, stackValues } from './chart.ts'
import { type Palette, paintBands, paintHatching, paintStack } from './paint.ts'
import { listTimeMarks, type TimeLabels } from './time-labels.ts'

export interface ChartLook {
	palette: Palette
	font: string
	labels: TimeLabels
	/** Values at the axis. */
	format: (value: number) => string
	width: number
	height: number
}

/** What is drawn; newer figures of the same shape take its place without a new chart. */
export interface Drawn {
	data: ChartData
}

export interface ChartEvents {
	/** The moment under the pointer; undefined when it leaves. */
	onhover: (at: number | undefined) => void
	onzoom: (from: number, to: number) => void
	onpick: (at: number) => void
}

/** A drag shorter than this is a click. */
const leastDragPixels = 6
const pixelsPerMark = 58
/** About what the axis at the side takes. */
const sidePixels = 40

/** The data as uPlot takes it. A stack is painted by ourselves: uPlot needs its sums for the scale alone. */
export function alignData(data: ChartData): uPlot.AlignedData {
	if (data.kind === 'stack') return [[...data.times], ...stackValues(data.series)]
	// A line goes through the middle of its buckets.
	const middles = data.times.map(at => at + data.bucketMs / 2)
	return [middles, ...data.series.map(({ values }) => [...values])]
}

export function createOptions(drawn: Drawn, look: ChartLook, events: ChartEvents): uPlot.Options {
	const { kind, series } = drawn.data
	return {
		width: look.width,
		height: look.height,
		ms: 1,
		padding: [8, 22, 0, 0],
		legend: { show: false },
		scales: {
			x: { time: true, range: () => [drawn.data.from, drawn.data.to] },
			y: { range: (_chart, _low, high) => [0, roundUp(high, kind === 'lines' ? 1000 : 1)] },
		},
		series: [{}, ...series.map(one => createSeries(kind, one, look))],
		axes: [createTimeAxis(drawn, look), createValueAxis(look)],
		cursor: {
			y: false,
			points: { show: kind === 'lines', size: 7 },
			drag: { x: true, y: false, setScale: false, dist: leastDragPixels },
			bind: {
				dblclick: () => () => null,
				mouseleave: (_chart, _element, handler) => event => {
					events.onhover(undefined)
					return handler(event)
				},
				click: chart => event => {
					const { left } = chart.rect
					events.onpick(chart.posToVal(event.clientX - left, 'x'))
					return null
				},
			},
		},
		hooks: {
			drawClear: [chart => paintBands(chart, drawn.data.bands, look.palette)],
			draw: [
				chart => {
					const { data } = drawn
					if (kind === 'stack') paintStack(chart, data, look.palette)
					if (data.partialFrom !== undefined) paintHatching(chart, data.partialFrom, data.to, look.palette)
				},
			],
			setCursor: [
				chart => {
					const { left, event } = chart.cursor
					// Without an event it was set by us, from another chart or by the keyboard.
					if (event && left !== undefined && left >= 0) events.onhover(chart.posToVal(left, 'x'))
				},
			],
			setSelect: [
				chart => {
					const { left, width } = chart.select
					if (width < leastDragPixels) return
					events.onzoom(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'))
					chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
				},
			],
		},
	}
}

function createSeries(
	kind: ChartData['kind'],
	series: ChartData['series'][number],
	look: ChartLook,
): uPlot.Series {
	if (kind === 'stack') return { paths: () => null, points: { show: false } }
	const stroke = look.palette[series.color]
	return {
		stroke,
		width: 1.75,
		points: { size: 4, fill: stroke, width: 0, filter: listAlone },
		...(series.dashed && { dash: [5, 4] }),
	}
}

/** A value with nothing on either side has no line: then its point is drawn, or it would not be seen. */
const listAlone: uPlot.Series.Points.Filter = (chart, place, show) => {
	if (show) return null
	const values = chart.data[place] ?? []
	const isMissing = (value: unknown) => value === null || value === undefined
	return [...values.keys()].filter(
		at => !isMissing(values[at]) && isMissing(values[at - 1]) && isMissing(values[at + 1]),
	)
}

function createTimeAxis(drawn: Drawn, look: ChartLook): uPlot.Axis {
	return {
		stroke: look.palette.muted,
		font: look.font,
		grid: { show: false },
		ticks: { stroke: look.palette.line, size: 5, width: 1 },
		gap: 4,
		size: 28,
		splits: () =>
			listTimeMarks(
				drawn.data.from,
				drawn.data.to,
				Math.max(2, Math.floor((look.width - sidePixels) / pixelsPerMark)),
				look.labels.timeZone,
			),
		values: (_chart, marks) => marks.map((at, place) => look.labels.axis(at, marks[place - 1])),
	}
}

function createValueAxis(look: ChartLook): uPlot.Axis {
	return {
		stroke: look.palette.muted,
		font: look.font,
		grid: { stroke: look.palette.line, width: 1 },
		ticks: { show: false },
		gap: 6,
		space: 34,
		size: (chart, values) => {
			if (!values) return 36
			chart.ctx.save()
			chart.ctx.font = look.font
			const widest = Math.max(0, ...values.map(value => chart.ctx.measureText(value).width))
			chart.ctx.restore()
			return Math.max(36, Math.ceil(widest) + 12)
		},
		values: (_chart, values) => values.map(value => look.format(value)),
	}
}

/** The scale ends a little above the highest value; without any it ends where one would be looked for. */
const roundUp = (high: number | null, most: number) => (high === null || high <= 0 ? most : high * 1.08)
