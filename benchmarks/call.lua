-- wrk -s call.lua URL -- TOOL ARGUMENTS [TOKEN]: a tools/call of 2026-07-28, made once and sent every time.
local made

function init(args)
  local tool, arguments, token = args[1], args[2], args[3]
  local headers = {
    ["Content-Type"] = "application/json",
    ["Accept"] = "application/json, text/event-stream",
    ["MCP-Protocol-Version"] = "2026-07-28",
    ["Mcp-Method"] = "tools/call",
    ["Mcp-Name"] = tool,
  }
  if token then headers["Authorization"] = "Bearer " .. token end
  made = wrk.format("POST", nil, headers,
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"' .. tool .. '","arguments":' .. arguments ..
    ',"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},' ..
    '"io.modelcontextprotocol/clientInfo":{"name":"wrk","version":"4.1"}}}}')
end

function request() return made end
