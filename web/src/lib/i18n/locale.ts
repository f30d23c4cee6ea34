export const locales = ['en', 'zh-CN'] as const
/** The third is English made longer, to find what clips. It is in no menu: see README.md. */
export type Locale = (typeof locales)[number] | 'en-XA'

/** Each language in its own words, as a switch shows it. */
export const localeNames: Record<(typeof locales)[number], string> = { en: 'English', 'zh-CN': '简体中文' }

export const localeStorageKey = 'claude-proxy.locale'

/** The choice made here before, else the first language of the browser that there is a dictionary for, else English. */
export function chooseLocale(stored: string | null, preferred: readonly string[]): Locale {
	if (stored === 'en-XA') return stored
	return [stored ?? '', ...preferred].map(matchLocale).find(locale => locale !== undefined) ?? 'en'
}

function matchLocale(tag: string): Locale | undefined {
	const language = tag.toLowerCase().split('-')[0]
	if (language === 'zh') return 'zh-CN'
	return language === 'en' ? 'en' : undefined
}
