/* Runs before anything is installed, on whatever Node there is: nothing in here may be newer than ES5. */
/* global process */

/* The first that comes with an npm that installs this project. */
var required = 16;
var found = process.versions.node;
var problem = 'sqs-browser needs Node ' + required + ' or newer to install, and this is Node ' + found + '.\n';
var remedy =
  'Get a newer one at https://nodejs.org; all that follows runs on the Node 24 that comes with the project.\n';

if (Number(found.split('.')[0]) < required) {
  process.stderr.write(problem + remedy);
  process.exit(1);
}
