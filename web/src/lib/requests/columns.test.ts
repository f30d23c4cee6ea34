import { expect, it } from 'vitest'
import { narrowColumns, toggleColumn, usualColumns } from './columns.ts'

it('has more columns where there is room', () => {
	expect(usualColumns(100)).toContain('key')
	expect(usualColumns(80)).toContain('tokens')
	expect(usualColumns(80)).not.toContain('key')
	expect(usualColumns(60)).not.toContain('tokens')
	expect(usualColumns(60)[0]).toBe('time')
})

it('keeps the order of the table, whatever was chosen when', () => {
	const without = toggleColumn(usualColumns(60), 'status')
	expect(without).not.toContain('status')
	expect(toggleColumn(without, 'status')).toEqual(usualColumns(60))
	expect(toggleColumn(['time', 'total'], 'model')).toEqual(['time', 'model', 'total'])
})

it('leaves few beside an opened request, and none that nobody wants', () => {
	expect(narrowColumns(['time', 'model', 'upstream', 'total'])).toEqual(['time', 'model', 'total'])
})
