import type { Command } from '../../commands/commands.svelte.ts'
import type { I18n } from '../../i18n/i18n.svelte.ts'
import { localeNames, locales } from '../../i18n/locale.ts'
import { densities, type Preferences, themes } from '../../preferences/preferences.svelte.ts'
import type { Session } from '../../session/session.svelte.ts'
import { connectDestination, destinations } from './navigation.ts'

interface Shell {
	i18n: I18n
	preferences: Preferences
	session: Session
	/** Those that the page on screen has no commands of its own for. */
	upstreams?: readonly { id: string; name: string }[]
	go: (path: string) => void
	openPalette: () => void
	openHelp: () => void
}

/** What can be done from every page. */
export function listShellCommands(shell: Shell): Command[] {
	const { i18n, session, go, openPalette, openHelp } = shell
	const words = i18n.messages.common
	const { general } = words.palette
	return [
		{
			id: 'palette',
			label: words.palette.open,
			group: general,
			keys: 'mod+k',
			run: openPalette,
			keysOnly: true,
		},
		{ id: 'help', label: words.shortcuts.help, group: general, keys: '?', run: openHelp },
		...[...destinations, connectDestination].map(({ name, href, keys }) => ({
			id: `go-${name}`,
			label: words.nav[name],
			group: words.palette.pages,
			keys,
			keywords: [name],
			run: () => go(href),
		})),
		...listUpstreamCommands(shell),
		...listAppearanceCommands(shell),
		{ id: 'sign-out', label: words.session.signOut, group: general, run: () => void session.signOut() },
	]
}

function listUpstreamCommands({ i18n, upstreams = [], go }: Shell): Command[] {
	const { upstreams: words } = i18n.messages
	return upstreams.slice(0, 200).map(({ id, name }) => ({
		id: `edit-${id}`,
		label: words.keyboard.editNamed(name),
		group: words.title,
		run: () => go(`/upstreams/${id}`),
	}))
}

function listAppearanceCommands({ i18n, preferences }: Shell): Command[] {
	const words = i18n.messages.common
	const group = words.palette.appearance
	return [
		...themes.map(theme => ({
			id: `theme-${theme}`,
			label: `${words.theme.label} · ${words.theme[theme]}`,
			group,
			run: () => {
				preferences.theme = theme
			},
		})),
		...densities.map(density => ({
			id: `density-${density}`,
			label: `${words.density.label} · ${words.density[density]}`,
			group,
			run: () => {
				preferences.density = density
			},
		})),
		...locales.map(locale => ({
			id: `locale-${locale}`,
			label: `${words.language} · ${localeNames[locale]}`,
			group,
			run: () => void i18n.choose(locale),
		})),
	]
}
