namespace Orders;

/// <summary>An order as the tools show it. Amounts are whole cents.</summary>
internal sealed record Order(long Id, string Customer, string Article, int Quantity, long TotalCents, string State);

/// <summary>A customer with the number of orders that would go with it.</summary>
internal sealed record Customer(long Id, string Name, string Email, long Orders);
