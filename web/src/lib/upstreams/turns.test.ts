import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('bases a change on what the one before made, though both were made from the same revision', async () => {
	const turns = new Turns()
	const sent: (number | undefined)[] = []
	const send = (to: number) => async (based: number | undefined) => {
		sent.push(based)
		return { revision: to }
	}
	await Promise.all([turns.take(7, send(8)), turns.take(7, send(9)), turns.take(undefined, send(10))])
	await turns.take(7, send(11))
	expect(sent).toEqual([7, 8, undefined, 9])
})

it('goes on after a failure, based on what was there before', async () => {
	const turns = new Turns()
	const failing = turns.take(3, async () => Promise.reject(new Error('conflict')))
	const next = turns.take(3, async based => ({ revision: (based ?? 0) + 1 }))
	await expect(failing).rejects.toThrow('conflict')
	expect(await next).toEqual({ revision: 4 })
})
