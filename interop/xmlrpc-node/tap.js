// Checks, reported in the Test Anything Protocol.

let count = 0
let failed = 0

/** Runs a check, which fails if it throws. */
async function check(name, test) {
  count += 1
  try {
    await test()
    console.log(`ok ${count} - ${name}`)
  } catch (error) {
    failed += 1
    console.log(`not ok ${count} - ${name}`)
    console.log(String(error.message ?? error).slice(0, 2000).replace(/^/gm, '# '))
  }
}

/** Says how many checks there were, and ends the process. */
function done() {
  console.log(`1..${count}`)
  process.exit(failed > 0 ? 1 : 0)
}

module.exports = { check, done }
