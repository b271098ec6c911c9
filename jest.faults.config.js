/** Tests of what happens under faults, crashes and hostile input: longer than the others, some in a real n8n. */
const { collectCoverage, coverageThreshold, ...config } = require('./jest.config.js');

module.exports = {
	...config,
	testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
	globalSetup: '<rootDir>/test/e2e/n8n/installAll.ts',
	maxWorkers: 2,
	testSequencer: '<rootDir>/test/longestFirst.js',
	testTimeout: 600_000,
};
