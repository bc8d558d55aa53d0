namespace Symbolon.Storage.Databases;

/// <summary>The store cannot be used as it is; the message tells the operator what to do. Start-up ends with it.</summary>
public sealed class StoreStartException(string message, Exception? inner = null) : Exception(message, inner);
