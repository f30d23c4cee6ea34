import { describe, expect, test } from 'vitest'
import { createConfigRepository } from '../index.ts'
import { byCli, keyRing, upstreamInput } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'
import { openText, sealText } from './sealed-box.ts'

const passphrase = 'correct horse battery'

describeTargets('a sealed export', target => {
	async function start() {
		const repository = createConfigRepository(await target.fresh(), keyRing)
		await repository.addUpstream(upstreamInput('swordfish'), byCli, ['sk-swordfish-0123456789'])
		const options = { format: 'claude-proxy', keys: 'sealed', passphrase } as const
		return { repository, document: (await repository.exportConfig(options)).document }
	}

	test('tells nothing of what is in it', async () => {
		const { document } = await start()
		expect(document).not.toMatch(/swordfish|api\.example/)
		expect(Object.keys(JSON.parse(document))).toEqual(['format', 'version', 'exportedAt', 'keys', 'sealed'])
	})

	test.each([
		['no passphrase', undefined, /the file is sealed: give the passphrase/],
		['another passphrase', 'correct horse', /passphrase is not the one it was sealed with/],
	])('is refused with %s', async (_, given, message) => {
		const { repository, document } = await start()
		const options = { mode: 'merge' as const, ...(given === undefined ? {} : { passphrase: given }) }
		await expect(repository.importConfig(document, options)).rejects.toMatchObject({
			...{ code: 'invalid', refusal: 'passphrase', message: expect.stringMatching(message) },
		})
	})

	test('takes no passphrase that protects nothing, and needs one', async () => {
		const { repository } = await start()
		for (const given of ['', 'short', 'x'.repeat(1025), undefined]) {
			const options = {
				format: 'claude-proxy',
				keys: 'sealed',
				...(given !== undefined && { passphrase: given }),
			}
			await expect(repository.exportConfig(options as never)).rejects.toMatchObject({ code: 'invalid' })
		}
		const seed = { format: 'seed', keys: 'sealed', passphrase } as const
		await expect(repository.exportConfig(seed)).rejects.toMatchObject({ code: 'invalid' })
	})
})

describe('a sealed text', () => {
	test('opens for the same passphrase, in whichever Unicode form it was typed', async () => {
		const box = await sealText('text', 'pässword of mine'.normalize('NFC'))
		expect(await openText(box, 'pässword of mine'.normalize('NFD'))).toBe('text')
		expect((await sealText('text', passphrase)).data).not.toBe((await sealText('text', passphrase)).data)
	})

	test('is refused when anything of it was changed', async () => {
		const box = await sealText('a text', passphrase)
		const flip = (text: string) => (text[0] === 'A' ? 'B' : 'A') + text.slice(1)
		const changed = [
			{ ...box, salt: flip(box.salt) },
			{ ...box, iv: flip(box.iv) },
			{ ...box, data: flip(box.data) },
			{ ...box, data: box.data.slice(0, -4) },
			{ ...box, p: 2 },
			{ ...box, iv: 'AAAA' },
			{ ...box, data: '' },
		]
		for (const other of changed) expect(await openText(other, passphrase)).toBeUndefined()
		expect(await openText(box, passphrase)).toBe('a text')
	})
})
