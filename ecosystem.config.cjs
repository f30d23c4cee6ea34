/**
 * pm2: two processes on one port and one SQLite file. `npx pm2 start ecosystem.config.cjs`, then `pm2 reload
 * claude-proxy` after an update: each new process is ready before an old one stops, which ends its open streams first.
 */
module.exports = {
	apps: [
		{
			name: 'claude-proxy',
			script: 'dist/cli/main.js',
			args: 'serve',
			// Without a bound V8 sets 130 MB aside for young objects where 16 do as well.
			node_args: '--max-semi-space-size=8 --no-concurrent-recompilation',
			cwd: __dirname,
			exec_mode: 'cluster',
			instances: 2,
			wait_ready: true,
			listen_timeout: 20_000,
			// Longer than SHUTDOWN_TIMEOUT: pm2 would cut the streams off that may still end.
			kill_timeout: 40_000,
			env: { NODE_ENV: 'production' },
		},
	],
}
