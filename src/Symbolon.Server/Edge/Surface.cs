namespace Symbolon.Server.Edge;

/// <summary>Which listeners a route answers on, as endpoint metadata. Without it a route answers on all.</summary>
internal enum Surface
{
    /// <summary>For callers: the listeners of <c>urls</c>.</summary>
    Public,

    /// <summary>For administrators: the listeners of <c>adminUrls</c> where there are any, else those of <c>urls</c>.</summary>
    Admin,
}

/// <summary>Marks a connection that came in on a listener of <c>adminUrls</c>.</summary>
internal sealed class AdminConnection
{
    public static readonly AdminConnection Instance = new();

    private AdminConnection() { }
}
