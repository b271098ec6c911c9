/** Tests run against dist, the code that ships; coverage is mapped back to the sources. */
module.exports = {
	rootDir: __dirname,
	testMatch: ['<rootDir>/test/{unit,integration}/**/*.test.ts'],
	setupFilesAfterEnv: ['<rootDir>/test/integration/setup.js'],
	transform: {
		'^.+/test/.+\\.ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
				module: { type: 'commonjs' },
				sourceMaps: 'inline',
			},
		],
	},
	moduleNameMapper: {
		'^(?:\\.\\./)+(nodes/LemlistTrigger|credentials)/(.*)$': '<rootDir>/dist/$1/$2',
	},
	collectCoverage: true,
	collectCoverageFrom: ['dist/{nodes,credentials}/**/*.js'],
	coverageDirectory: 'coverage',
	coverageReporters: ['text', 'json-summary'],
	coverageThreshold: { global: { branches: 95, functions: 95, lines: 95, statements: 95 } },
	// Most of the time goes into waiting, so a third one pays even on two cores.
	maxWorkers: 3,
	testTimeout: 30_000,
};
