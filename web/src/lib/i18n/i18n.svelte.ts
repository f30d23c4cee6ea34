import { createContext } from 'svelte'
import { readStored, writeStored } from '../storage.ts'
import { createFormats, type Formats } from './formats.ts'
import { chooseLocale, type Locale, localeStorageKey } from './locale.ts'
import type { Messages } from './messages/en/index.ts'
import { lengthenMessages } from './pseudo.ts'
import { chooseTimeZone, type TimeZone, timeZoneStorageKey } from './time-zone.ts'

/** A dictionary is loaded when its language is: nobody downloads both. */
const loaders: Record<Locale, () => Promise<Messages>> = {
	en: async () => (await import('./messages/en/index.ts')).en,
	'zh-CN': async () => (await import('./messages/zh-cn/index.ts')).zhCn,
	'en-XA': async () => lengthenMessages((await import('./messages/en/index.ts')).en),
}

/** The page's language and time zone. Read `messages` and `formats` where text is drawn, and it changes with the switch. */
export class I18n {
	locale: Locale = $state('en')
	messages: Messages = $state.raw() as Messages
	/** Read it where times are drawn; `formats` has it already. */
	timeZone: TimeZone = $state()
	formats: Formats = $derived(createFormats(this.locale, this.timeZone))

	constructor(locale: Locale, messages: Messages) {
		this.locale = locale
		this.messages = messages
		this.timeZone = chooseTimeZone(readStored(timeZoneStorageKey))
	}

	chooseTimeZone(zone: TimeZone): void {
		writeStored(timeZoneStorageKey, zone ?? '')
		this.timeZone = zone
	}

	async choose(locale: Locale): Promise<void> {
		writeStored(localeStorageKey, locale)
		this.messages = await loaders[locale]()
		this.locale = locale
	}
}

/** Before the first page is drawn, so that no text appears in the wrong language. */
export async function loadI18n(): Promise<I18n> {
	const locale = chooseLocale(readStored(localeStorageKey), navigator.languages)
	return new I18n(locale, await loaders[locale]())
}

export const [useI18n, provideI18n] = createContext<I18n>()
