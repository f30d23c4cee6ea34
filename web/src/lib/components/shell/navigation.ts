import Activity from '@lucide/svelte/icons/chart-spline'
import Playground from '@lucide/svelte/icons/flask-conical'
import History from '@lucide/svelte/icons/history'
import Requests from '@lucide/svelte/icons/list'
import Connect from '@lucide/svelte/icons/plug'
import Settings from '@lucide/svelte/icons/sliders-horizontal'
import Upstreams from '@lucide/svelte/icons/split'
import type { Component } from 'svelte'
import type { Messages } from '../../i18n/messages/en/index.ts'

export interface Destination {
	name: Exclude<keyof Messages['common']['nav'], 'label' | 'more'>
	href: string
	icon: Component<{ size?: number | string }>
	/** Pressed one after the other. */
	keys: string
}

/** The six of the specification; the first five stand in the bottom bar of phones. */
export const destinations: readonly Destination[] = [
	{ name: 'upstreams', href: '/', icon: Upstreams, keys: 'g c' },
	{ name: 'activity', href: '/activity', icon: Activity, keys: 'g a' },
	{ name: 'requests', href: '/requests', icon: Requests, keys: 'g r' },
	{ name: 'playground', href: '/playground', icon: Playground, keys: 'g p' },
	{ name: 'history', href: '/history', icon: History, keys: 'g h' },
	{ name: 'settings', href: '/settings', icon: Settings, keys: 'g s' },
]

export const connectDestination: Destination = {
	name: 'connect',
	href: '/connect',
	icon: Connect,
	keys: 'g o',
}

/** The home page owns /upstreams/… too: that is where one upstream is edited. */
export function isActive({ href }: Destination, path: string): boolean {
	if (href === '/') return path === '/' || path.startsWith('/upstreams')
	return path === href || path.startsWith(`${href}/`)
}
