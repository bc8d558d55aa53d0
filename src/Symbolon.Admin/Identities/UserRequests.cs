namespace Symbolon.Admin.Identities;

/// <summary>Makes an account. The address may be that of somebody whom grants and tokens name already.</summary>
public sealed record CreateUserRequest
{
    public required string Email { get; init; }

    /// <summary>As the person is greeted; at most 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>May use the whole console and this API.</summary>
    public bool Admin { get; init; }

    /// <summary>12 to 128 characters. Absent: the answer has a one-time link by which the person sets one.</summary>
    public string? Password { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>Ends a password, and every session, command line and token of the person with it.</summary>
public sealed record ResetUserRequest
{
    /// <summary>The new one. Absent: the answer has a one-time link by which the person sets one.</summary>
    public string? Password { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

public sealed record UserRoleRequest
{
    /// <summary><c>admin</c> or <c>member</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}
