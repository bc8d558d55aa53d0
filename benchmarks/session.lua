-- wrk -s session.lua URL -- TOOL ARGUMENTS SESSION [TOKEN]: a tools/call of 2025-06-18 in a session that is open. Within one session two
-- calls at a time may not have the same id, so each has its own; an answer without a result's content is counted, not taken for one.
local head, tail, number
wrong = 0

function init(args)
  local tool, arguments, session, token = args[1], args[2], args[3], args[4]
  -- Seven digits, so that all are of one length, and others than those that the last round may have left unanswered.
  number = 1000000 + os.time() % 800 * 10000
  head = '{"jsonrpc":"2.0","id":'
  tail = ',"method":"tools/call","params":{"name":"' .. tool .. '","arguments":' .. arguments .. '}}'
  local lines = {
    "POST " .. wrk.path .. " HTTP/1.1",
    "Host: " .. wrk.host .. ":" .. wrk.port,
    "Content-Type: application/json",
    "Accept: application/json, text/event-stream",
    "MCP-Protocol-Version: 2025-06-18",
    "Mcp-Session-Id: " .. session,
    "Content-Length: " .. #head + 7 + #tail,
  }
  if token then lines[#lines + 1] = "Authorization: Bearer " .. token end
  head = table.concat(lines, "\r\n") .. "\r\n\r\n" .. head
end

function request()
  number = number + 1
  return head .. number .. tail
end

function response(_, _, body)
  if not body:find('"content":[{', 1, true) then wrong = wrong + 1 end
end

local threads = {}
function setup(thread) threads[#threads + 1] = thread end

function done()
  for _, thread in ipairs(threads) do
    if thread:get("wrong") > 0 then print("Wrong answers: " .. thread:get("wrong")) end
  end
end
