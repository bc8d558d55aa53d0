using McpHttpHost;
using ModelContextProtocol.Server;
using Orders;

var options = SampleOptions.Parse(args);
var folder = options.Data ?? Directory.CreateTempSubdirectory("orders-").FullName;
Directory.CreateDirectory(folder);
var tools = new OrderTools(OrderStore.Open(Path.Combine(folder, "orders.db")));

return await SampleHost.RunAsync("orders", options, [
    McpServerTool.Create(tools.ListOrders),
    McpServerTool.Create(tools.GetOrder),
    McpServerTool.Create(tools.FindCustomer),
    McpServerTool.Create(tools.AddOrder),
    McpServerTool.Create(tools.CancelOrder),
    McpServerTool.Create(tools.DeleteCustomer),
]);
