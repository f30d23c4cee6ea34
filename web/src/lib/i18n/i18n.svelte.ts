import { createContext } from 'svelte'
import { readStored, writeStored } from '../storage.ts'
import { chooseLocale, type Locale, localeStorageKey } from './locale.ts'
import { en, type Messages } from './messages/en.ts'
import { zhCn } from './messages/zh-cn.ts'

const dictionaries: Record<Locale, Messages> = { en, 'zh-CN': zhCn }

/** The page's language. Read `messages` where text is drawn and it changes with the switch. */
export class I18n {
	locale: Locale = $state('en')
	messages: Messages = $derived(dictionaries[this.locale])

	constructor() {
		this.locale = chooseLocale(readStored(localeStorageKey), navigator.languages)
	}

	choose(locale: Locale): void {
		this.locale = locale
		writeStored(localeStorageKey, locale)
	}
}

export const [useI18n, provideI18n] = createContext<I18n>()
