import { expect, it } from 'vitest'
import { writeCsv } from './csv.ts'

it('quotes what needs it, and leaves out what is unknown', () => {
	expect(
		writeCsv([
			['a', 'b "c"', 'd,e'],
			[1.5, null, -2],
		]),
	).toBe('\uFEFFa,"b ""c""","d,e"\r\n1.5,,-2\r\n')
})

it('lets no text become a formula', () => {
	expect(writeCsv([['=1+1', '@sum', '-x']])).toBe("\uFEFF'=1+1,'@sum,'-x\r\n")
})
