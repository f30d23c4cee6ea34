import { styleText } from 'node:util'

type Paint = (text: string) => string

/** Colours that mean something; each is plain text when colours are off. */
export interface Style {
	strong: Paint
	faint: Paint
	good: Paint
	caution: Paint
	bad: Paint
	command: Paint
}

export function createStyle(enabled: boolean): Style {
	const paint = (format: Parameters<typeof styleText>[0]): Paint =>
		enabled ? text => styleText(format, text, { validateStream: false }) : text => text
	return {
		strong: paint('bold'),
		faint: paint('dim'),
		good: paint('green'),
		caution: paint('yellow'),
		bad: paint('red'),
		command: paint('cyan'),
	}
}
