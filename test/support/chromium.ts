import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import npmChromium from '@sparticuz/chromium'
import type { LaunchOptions } from 'playwright-core'
import { projectRoot } from '../../scripts/lib/layout.ts'

export type BrowserSource = 'system' | 'npm'

const systemPath = process.env.TEST_CHROMIUM ?? '/usr/bin/chromium'

/**
 * The one inside the npm package: a headless shell, which opens a page for half of the work, and the same everywhere.
 * The computer's own where the package has none to run, or when TEST_CHROMIUM names it.
 */
export function preferredSource(): BrowserSource {
	if (process.env.TEST_CHROMIUM !== undefined) return 'system'
	const runs = process.platform === 'linux' && process.arch === 'x64'
	return runs || !existsSync(systemPath) ? 'npm' : 'system'
}

/** How to start a Chromium that has Chinese glyphs, whatever is installed on the computer. */
export async function describeBrowser(source: BrowserSource = preferredSource()): Promise<LaunchOptions> {
	// No graphics: its libraries are large, and nothing here draws in 3D.
	if (source === 'npm') npmChromium.setGraphicsMode = false
	return {
		executablePath: source === 'system' ? systemPath : await npmChromium.executablePath(),
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
		env: { ...process.env, FONTCONFIG_FILE: writeFontConfig() },
	}
}

/** A font configuration of our own: the same glyphs on every computer, Chinese ones from an npm package. */
function writeFontConfig(): string {
	const folder = join(projectRoot, '.cache/fonts')
	mkdirSync(join(folder, 'cache'), { recursive: true })
	const file = join(folder, 'fonts.conf')
	const chinese = join(projectRoot, 'node_modules/@embedpdf/fonts-sc/fonts')
	const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
	<dir>/usr/share/fonts</dir>
	<dir>${chinese}</dir>
	<dir>${join(tmpdir(), 'fonts')}</dir>
	<cachedir>${join(folder, 'cache')}</cachedir>
	<match target="pattern">
		<test name="family" qual="any"><string>monospace</string></test>
		<edit name="family" mode="assign" binding="strong">
			<string>Liberation Mono</string><string>DejaVu Sans Mono</string><string>Noto Sans Hans</string>
		</edit>
	</match>
	<match target="pattern">
		<edit name="family" mode="append_last" binding="weak">
			<string>Liberation Sans</string><string>Open Sans</string><string>Noto Sans Hans</string>
		</edit>
	</match>
</fontconfig>
`
	writeFileSync(file, text)
	return file
}
