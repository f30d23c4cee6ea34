import { registerHooks } from 'node:module'

/** Prints the URL of each module, `loaded <url>`, when it is read. Source: https://nodejs.org/api/module.html#moduleregisterhooksoptions */
registerHooks({
	load(url, context, nextLoad) {
		if (!url.startsWith('node:')) console.log(`loaded ${url}`)
		return nextLoad(url, context)
	},
})
