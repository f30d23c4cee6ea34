import cluster from 'node:cluster'
import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { createNodeServer } from '../api/_app/http/node-server.ts'
import { batchedOutput, createLogger } from '../api/_app/logger.ts'
import { type AppServices, createServices } from '../api/_app/services.ts'
import { initializeStrategy, migrateDatabase, quickCheck } from '../db/index.ts'
import packageJson from '../package.json' with { type: 'json' }
import { type LoadedEnvironment, loadEnvironment } from './environment.ts'
import { CliError, exitCodes } from './errors.ts'
import { nameProgram } from './io.ts'
import { describeStart } from './start-banner.ts'

export interface ServeOptions {
	dev: boolean
	port?: number
	host?: string
}

/** Longest that a start waits for a database server, ms; without it the proxy comes up all the same. */
const remotePatienceMs = 2000

/**
 * Serves proxy and admin on one port until the process is told to stop.
 * @throws CliError with the remedy: port taken, folder not writable, wrong variable, database not usable
 */
export async function runServe(options: ServeOptions): Promise<void> {
	const loaded = await loadEnvironment()
	const { environment } = loaded
	if (options.port !== undefined) environment.PORT = options.port
	if (options.host !== undefined) environment.HOST = options.host
	// Of a process in pm2's cluster the log is what goes through process.stdout; the descriptor below is the daemon's.
	const isTerminal = process.stdout.isTTY === true
	const output = isTerminal ? undefined : batchedOutput()
	const destination = cluster.isWorker ? process.stdout : output
	const logger = await createLogger(environment.LOG_LEVEL, isTerminal, destination)
	const services = await createServices({ environment, logger, version: packageJson.version })
	try {
		await prepareDatabase(services, loaded)
		const server = createNodeServer(services, findAdmin())
		await listen(server, environment.PORT, environment.HOST)
		stopOnSignal(server, services)
		const { port } = server.address() as AddressInfo
		process.stdout.write(await describeStart({ services, loaded, port, dev: options.dev }))
		// A process manager (pm2 with wait_ready) stops the process before this one only now.
		process.send?.('ready')
	} catch (error) {
		await services.close()
		throw error
	}
}

/**
 * A file is checked and migrated; one that is damaged stops the start, since serving would only delay the news. A
 * server's schema is changed by `db migrate` only, and a server that is away is waited for while serving.
 */
async function prepareDatabase(
	{ database, config }: AppServices,
	{ environment }: LoadedEnvironment,
): Promise<void> {
	if (database.location === 'remote') {
		const away = () => {}
		await Promise.race([config.refresh().catch(away), pause(remotePatienceMs)])
		return
	}
	await quickCheck(database)
	const { status } = await migrateDatabase(database)
	if (status === 'ok') await initializeStrategy(database, environment.LOAD_BALANCE_STRATEGY)
	await config.refresh()
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** The admin's build lies in web/build of the folder that holds package.json, bundled or not. */
function findAdmin(): string | undefined {
	for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
		if (!existsSync(join(folder, 'package.json'))) continue
		const build = join(folder, 'web/build')
		return existsSync(join(build, 'index.html')) ? build : undefined
	}
	return undefined
}

function listen(server: Server, port: number, host: string): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', error => reject(describeListenError(error, port, host)))
		server.listen(port, host, () => resolve())
	})
}

function describeListenError(error: NodeJS.ErrnoException, port: number, host: string): Error {
	if (error.code === 'EADDRINUSE') {
		const start = nameProgram(process.argv[1] ?? '').startsWith('npm') ? 'npm start' : 'claude-proxy serve'
		const hint = `stop what uses it (lsof -i :${port}), or start on another port: PORT=${port + 1} ${start}`
		return new CliError(exitCodes.failed, 'port-in-use', `port ${port} on ${host} is already in use`, hint)
	}
	if (error.code === 'EACCES') {
		const message = `port ${port} may not be used by this user`
		return new CliError(exitCodes.failed, 'port-forbidden', message, 'choose a port above 1023: PORT=3000')
	}
	if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
		const message = `this computer has no address "${host}"`
		return new CliError(exitCodes.failed, 'no-such-address', message, 'set HOST to 127.0.0.1 or 0.0.0.0')
	}
	return error
}

/** First signal: no new connections, open streams may end. Second signal, or the end of the grace: stop at once. */
function stopOnSignal(server: Server, services: AppServices): void {
	let stopping = false
	const stop = (signal: NodeJS.Signals) => {
		if (stopping) process.exit(signal === 'SIGINT' ? exitCodes.cancelled : 143)
		stopping = true
		services.logger.info({ signal }, 'stopping: open requests may end')
		setTimeout(() => server.closeAllConnections(), services.environment.SHUTDOWN_TIMEOUT).unref()
		server.close(async () => {
			await services.close()
			process.exit(0)
		})
		// A kept-alive connection becomes idle when its last stream ends, and would hold the server open.
		setInterval(() => server.closeIdleConnections(), 50).unref()
	}
	process.on('SIGTERM', stop)
	process.on('SIGINT', stop)
}
