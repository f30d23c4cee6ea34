import { expect, it } from 'vitest'
import { recordingSchema } from '../../../../core/config/recording.ts'
import { ApiError } from '../api/api-error.ts'
import { en } from '../i18n/messages/en/index.ts'
import { describeDiagnostics } from './describe-server.ts'
import { readDevice } from './device.ts'
import { checkWhole, limitsOf } from './fields.ts'
import { checkRows, emptyRow, toPrice, toRow } from './price-rows.ts'
import { readSettingsConflict } from './save-settings.ts'
import { isSealed, readFileName, readWarnings } from './transfer.ts'
import { checkWebhook, toDraft, toPatch } from './webhook-form.ts'

const { form, webhooks } = en.settings

it('checks whole numbers by the limits of the schema', () => {
	const limits = limitsOf(recordingSchema.shape.days)
	expect(limits).toEqual({ least: 1, most: 365 })
	const check = (text: string) => checkWhole(text, limits, form, String)
	expect([check(' 7 '), check('365')]).toEqual([undefined, undefined])
	for (const wrong of ['0', '366', '1.5', '-1', '', '1e2'])
		expect(check(wrong)).toBe(form.wholeNumber('1', '365'))
})

it('checks prices by row and field, and leaves out what is as input', () => {
	const row = { ...emptyRow(), model: ' kimi* ', input: '1.5', output: '.5' }
	expect(checkRows([row], form)).toEqual({})
	expect(toPrice(row)).toEqual({ model: 'kimi*', input: 1.5, output: 0.5 })
	expect(toPrice(toRow({ model: 'a', input: 1, output: 2, cacheRead: 0 }))).toEqual({
		...{ model: 'a', input: 1, output: 2, cacheRead: 0 },
	})
	expect(checkRows([row, { ...row, input: 'x' }, emptyRow()], form)).toEqual({
		...{ '1.model': form.twice, '1.input': form.amount },
		...{ '2.model': form.empty, '2.input': form.amount, '2.output': form.amount },
	})
})

it.each([
	[
		'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
		{ browser: 'Edge 141', system: 'Windows' },
	],
	[
		'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
		{ browser: 'Safari 18', system: 'iOS' },
	],
	[
		'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
		{ browser: 'Firefox 140', system: 'Linux' },
	],
	['', { browser: undefined, system: undefined }],
])('reads a device from %s', (userAgent, device) => {
	expect(readDevice(userAgent)).toEqual(device)
})

it('takes only a change of the same settings for a conflict to show', () => {
	const error = new ApiError({
		...{ status: 409, code: 'conflict', message: '', currentRevision: 9 },
		theirs: [{ kind: 'strategy-changed', from: 'failover', to: 'random' }],
	})
	const retention = { requestDays: 1, usageDays: 1 }
	expect(readSettingsConflict(error, { retention })).toEqual({ theirs: [], revision: 9 })
	expect(readSettingsConflict(error, { strategy: 'failover' })?.theirs).toHaveLength(1)
	expect(readSettingsConflict(new Error('x'), { retention })).toBeUndefined()
})

it('reads what an export says besides its text', () => {
	expect(readFileName('attachment; filename="claude-proxy-2026-01-02.json"')).toBe(
		'claude-proxy-2026-01-02.json',
	)
	expect(readFileName('attachment; filename="../../etc/passwd"')).toBe('claude-proxy.json')
	expect(readWarnings(encodeURIComponent(JSON.stringify(['没有密钥'])))).toEqual(['没有密钥'])
	expect([readWarnings(null), readWarnings('%')]).toEqual([[], []])
	expect([
		isSealed('{"sealed":{"data":""}}'),
		isSealed('{"keys":"sealed"}'),
		isSealed('"sealed" no JSON'),
	]).toEqual([true, false, false])
})

it('keeps address and secret of a webhook where nothing was typed', () => {
	const draft = { ...toDraft(undefined), name: ' chat ', events: ['key-demoted' as const] }
	expect(toPatch(draft)).toEqual({ name: 'chat', events: ['key-demoted'] })
	expect(checkWebhook(draft, false, webhooks)).toEqual({})
	expect(checkWebhook({ ...draft, name: '', events: [] }, true, webhooks)).toEqual({
		...{ name: webhooks.noName, url: webhooks.noUrl, events: webhooks.noEvents },
	})
})

it('writes diagnostics with what is known', () => {
	const text = describeDiagnostics({
		...{
			version: '1.2.3',
			health: undefined,
			revision: 7,
			locale: 'en',
			userAgent: 'x',
			window: '1 × 1',
			path: '/',
		},
	})
	expect(text.split('\n')).toEqual([
		...['claude-proxy: 1.2.3', 'revision: 7', 'page: /', 'language: en', 'window: 1 × 1', 'browser: x'],
	])
})
