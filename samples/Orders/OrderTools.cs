using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Orders;

/// <summary>What an agent may do in the shop: three tools read, two write, and one cannot be taken back.</summary>
internal sealed class OrderTools(OrderStore store)
{
    [McpServerTool(Name = "list_orders", Title = "List orders", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lists the newest orders first.")]
    public IReadOnlyList<Order> ListOrders(
        [Description("Only orders in this state: open, shipped or cancelled.")] string? state = null,
        [Description("How many at most, 1 to 100.")] int limit = 20) => store.List(state, Math.Clamp(limit, 1, 100));

    [McpServerTool(Name = "get_order", Title = "Show an order", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Shows one order.")]
    public Order GetOrder([Description("The order's number.")] long id) =>
        store.Get(id) ?? throw new McpException($"There is no order {id}.");

    [McpServerTool(Name = "find_customer", Title = "Find customers", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Finds customers by a part of their name or e-mail address.")]
    public IReadOnlyList<Customer> FindCustomer([Description("What to look for.")] string text) => store.FindCustomers(text);

    [McpServerTool(Name = "add_order", Title = "Add an order", Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description("Adds an open order for a customer.")]
    public Order AddOrder(
        [Description("The customer's number.")] long customer,
        [Description("The article: ring, dice or tile.")] string article,
        [Description("How many, 1 to 1000.")] int quantity = 1) =>
        quantity is < 1 or > 1000 ? throw new McpException("quantity must be 1 to 1000.")
        : store.Add(customer, article, quantity) ?? throw new McpException("There is no such customer or article.");

    [McpServerTool(Name = "cancel_order", Title = "Cancel an order", Destructive = true, Idempotent = true, OpenWorld = false)]
    [Description("Cancels an open order.")]
    public string CancelOrder([Description("The order's number.")] long id) =>
        store.Cancel(id) ? $"Order {id} is cancelled." : throw new McpException($"There is no open order {id}.");

    [McpServerTool(Name = "delete_customer", Title = "Delete a customer", Destructive = true, OpenWorld = false)]
    [Description("Deletes a customer with all their orders. This cannot be undone.")]
    public string DeleteCustomer([Description("The customer's number.")] long id) =>
        store.DeleteCustomer(id) ? $"Customer {id} and all their orders are deleted." : throw new McpException($"There is no customer {id}.");
}
