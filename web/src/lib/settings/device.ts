const browsers: readonly [RegExp, string][] = [
	[/\bEdg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
	[/\bOPR\/(\d+)/, 'Opera'],
	[/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
	[/\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
	[/\bVersion\/(\d+)[\d.]* .*Safari\//, 'Safari'],
	[/^curl\/(\d+)/, 'curl'],
]
const systems: readonly [RegExp, string][] = [
	[/iPhone|iPad/, 'iOS'],
	[/Android/, 'Android'],
	[/Windows/, 'Windows'],
	[/Mac OS X|Macintosh/, 'macOS'],
	[/CrOS/, 'ChromeOS'],
	[/Linux|X11/, 'Linux'],
]

export interface Device {
	browser: string | undefined
	system: string | undefined
}

/** What a `user-agent` says to people. Browsers name each other in it: the order counts. */
export function readDevice(userAgent: string): Device {
	const browser = browsers
		.map(([pattern, name]) => [pattern.exec(userAgent)?.[1], name] as const)
		.find(([version]) => version !== undefined)
	return {
		browser: browser && `${browser[1]} ${browser[0]}`,
		system: systems.find(([pattern]) => pattern.test(userAgent))?.[1],
	}
}
