using System.Reflection;
using System.Runtime.CompilerServices;

namespace RealtimeCnn.Tests.Surface;

/// <summary>What an assembly shows to programs that reference it, a line each: types, and the members they may call or override.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(string)] = "string", [typeof(object)] = "object",
        [typeof(nint)] = "nint", [typeof(nuint)] = "nuint", [typeof(char)] = "char",
    };

    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(OfType);

    private static IEnumerable<string> OfType(Type type)
    {
        string name = NameOf(type, qualified: true);
        yield return $"{Kind(type)} {name}{Bases(type)}";
        foreach (string member in Members(type).Order(StringComparer.Ordinal))
            yield return $"{name}.{member}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(value => $"{value} = {Convert.ToInt64(Enum.Parse(type, value), System.Globalization.CultureInfo.InvariantCulture)}");
        if (type.IsSubclassOf(typeof(Delegate)))
            return [Signature(type.GetMethod("Invoke")!)];
        return type.GetMembers(Declared).Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not Type).Select(Describe).OfType<string>();
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) => $"{Modifiers(constructor)}new({Parameters(constructor)})",
        MethodInfo method when IsVisible(method) && !method.IsSpecialName && !IsOverride(method) => $"{Modifiers(method)}{Signature(method)}",
        MethodInfo method when IsVisible(method) && method.Name.StartsWith("op_", StringComparison.Ordinal) => Signature(method),
        PropertyInfo property when Accessor(property) is { } accessor && !IsOverride(accessor) => $"{Modifiers(accessor)}{NameOf(property.PropertyType)} {property.Name}{Index(property)} {{ {Accessors(property)} }}",
        FieldInfo field when field.IsPublic || field.IsFamily => $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{NameOf(field.FieldType)} {field.Name}{(field.IsLiteral ? $" = {Value(field.FieldType, field.GetRawConstantValue())}" : "")}",
        EventInfo raised when IsVisible(raised.AddMethod!) => $"event {NameOf(raised.EventHandlerType!)} {raised.Name}",
        _ => null,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsOverride(MethodInfo method) => method.GetBaseDefinition() != method;

    private static MethodInfo? Accessor(PropertyInfo property) => property.GetAccessors(nonPublic: true).FirstOrDefault(IsVisible);

    private static string Accessors(PropertyInfo property)
    {
        var accessors = new List<string>();
        if (property.GetMethod is { } get && IsVisible(get))
            accessors.Add("get;");
        if (property.SetMethod is { } set && IsVisible(set))
            accessors.Add(set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;");
        return (property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "") + string.Join(' ', accessors);
    }

    private static string Index(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";

    private static string Modifiers(MethodBase method) =>
        (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "") + (method.IsStatic ? "static " : "")
        + (method.DeclaringType!.IsInterface || method.IsConstructor ? "" : method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "");

    private static string Signature(MethodInfo method) =>
        $"{NameOf(method.ReturnType)} {method.Name}{(method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "")}({Parameters(method)})";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter) =>
        $"{(parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "")}{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Value(parameter.ParameterType, parameter.DefaultValue)}" : "")}";

    /// <summary>A constant as source would write it: callers are compiled with it.</summary>
    private static string Value(Type type, object? value) => (Nullable.GetUnderlyingType(type) ?? type, value) switch
    {
        (_, null) => type.IsValueType && Nullable.GetUnderlyingType(type) == null ? "default" : "null",
        ({ IsEnum: true } named, _) => $"{named.Name}.{Enum.ToObject(named, value)}",
        (_, string text) => $"\"{text}\"",
        (_, bool answer) => answer ? "true" : "false",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsSubclassOf(typeof(Delegate)) ? "delegate" : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";

    private static string Bases(Type type)
    {
        var bases = new List<Type>();
        if (type.BaseType is { } parent && !type.IsValueType && parent != typeof(object) && !type.IsSubclassOf(typeof(Delegate)))
            bases.Add(parent);
        bases.AddRange(type.GetInterfaces().Where(contract => contract.IsVisible && !type.IsEnum && contract.Name != "IEquatable`1" && type.BaseType?.GetInterfaces().Contains(contract) != true)
            .OrderBy(contract => contract.FullName, StringComparer.Ordinal));
        return bases.Count == 0 ? "" : $" : {string.Join(", ", bases.Select(parent => NameOf(parent)))}";
    }

    private static string NameOf(Type type, bool qualified = false)
    {
        if (type.IsByRef)
            return NameOf(type.GetElementType()!);
        if (type.IsArray)
            return $"{NameOf(type.GetElementType()!)}[]";
        if (type.IsPointer)
            return $"{NameOf(type.GetElementType()!)}*";
        if (Keywords.TryGetValue(type, out string? keyword))
            return keyword;
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } value)
            return $"{NameOf(value)}?";
        string scope = type.DeclaringType is { } outer ? $"{NameOf(outer, qualified)}." : qualified ? $"{type.Namespace}." : "";
        string name = scope + type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(argument => NameOf(argument)))}>" : name;
    }
}
